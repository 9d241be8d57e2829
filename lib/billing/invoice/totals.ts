import { applyCoupons } from './coupons.ts';
import { applyCreditNotes } from './credit-notes.ts';
import type { InvoiceFacts } from './facts.ts';
import { applyProgressiveCredits } from './progressive.ts';
import type { FeeResult, InvoiceResult } from './result.ts';
import { invoiceTaxes, taxFee } from './taxes.ts';
import { applyWallets } from './wallets.ts';

/** What lines meet on their way to a total. */
export type SettlementFacts = Omit<InvoiceFacts, 'engineVersion' | 'timezone' | 'locale' | 'billedAt'>;

/** Coupons, credit notes and credits belong on finished bills of subscriptions only (semantics 8.5, 10.3, 11.5, 12.5). */
const usesCredits = ({ type, stage }: SettlementFacts): boolean =>
  stage === 'final' && (type === 'subscription' || type === 'progressive_billing');

/** Bills that may take back what was billed early. */
const takesBack = ({ type }: SettlementFacts): boolean =>
  type === 'subscription' || type === 'progressive_billing';

/**
 * The totals of an invoice from its lines, in the order of semantics 14: progressive credits and coupons before tax,
 * taxes, then credit notes and credits. Every step is capped by what is left, so the total is never negative.
 */
export function settleFees(facts: SettlementFacts, fees: readonly FeeResult[]): InvoiceResult {
  const { currency } = facts;
  const credits = usesCredits(facts);
  const feesAmountMinor = fees.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
  const early = applyProgressiveCredits(fees, takesBack(facts) ? facts.progressiveCredits : []);
  const coupons = applyCoupons(early.fees, feesAmountMinor - early.amountMinor, {
    coupons: credits ? facts.coupons : [],
    subscriptions: facts.subscriptions,
    currency,
  });
  const subTotalExcludingTaxesMinor = feesAmountMinor - early.amountMinor - coupons.amountMinor;
  const taxed = coupons.fees.map((fee) => taxFee(fee, facts));
  const taxes = invoiceTaxes(taxed, subTotalExcludingTaxesMinor);
  const subTotalIncludingTaxesMinor = subTotalExcludingTaxesMinor + taxes.taxesAmountMinor;
  const notes = applyCreditNotes(
    taxed,
    subTotalIncludingTaxesMinor,
    credits ? facts.creditNotes : [],
    currency,
  );
  const owedMinor = subTotalIncludingTaxesMinor - notes.amountMinor;
  const prepaid = applyWallets(notes.fees, owedMinor, credits ? facts.wallets : [], currency);
  return {
    fees: notes.fees,
    feesAmountMinor,
    progressiveCredits: early.credits,
    progressiveBillingCreditAmountMinor: early.amountMinor,
    coupons: coupons.credits,
    couponsAmountMinor: coupons.amountMinor,
    subTotalExcludingTaxesMinor,
    ...taxes,
    subTotalIncludingTaxesMinor,
    creditNotes: notes.uses,
    creditNotesAmountMinor: notes.amountMinor,
    walletUses: prepaid.uses,
    prepaidCreditAmountMinor: prepaid.amountMinor,
    prepaidGrantedCreditAmountMinor: prepaid.grantedMinor,
    prepaidPurchasedCreditAmountMinor: prepaid.purchasedMinor,
    totalAmountMinor: owedMinor - prepaid.amountMinor,
  };
}
