export { currencySymbol, formatAmount } from '@/lib/billing/money/amount-text';
