import { and, count, eq } from 'drizzle-orm';
import { wallets } from '@/db/schema';
import { Exact } from '@/lib/billing/money/exact';
import { loadCustomer, lockCustomer, settleCurrencies } from '@/lib/invoicing/customers';
import { purchaseCredits } from '@/lib/invoicing/purchases';
import { grantCredits, openWallet } from '@/lib/invoicing/wallets';
import { invalid } from '@/lib/schedule/errors';
import { type CommandContext, defineCommand } from '../core/command.ts';
import { findBillingEntity, lookUpCustomer } from '../customers/find.ts';
import { findWallet, type WalletRow } from './find.ts';
import {
  checkedWalletExpiry,
  findLimitations,
  mapOf,
  pairsOf,
  type WalletInput,
  walletInput,
} from './input.ts';
import { writeRules } from './rules.ts';

/** Active wallets one customer may have (API contract, section 9). */
const MOST_WALLETS = 6;

/** Opens a wallet, with its first credits: free ones at once, bought ones when their invoice is paid (semantics 10). */
export const createWallet = defineCommand<WalletInput, WalletRow>({
  name: 'wallets/create',
  input: walletInput,
  right: 'credits.grant',
  reason: 'optional',
  undo: null,
  async run(ctx, input) {
    const { tx, organizationId } = ctx;
    const customer = await lookUpCustomer(tx, organizationId, input.external_customer_id ?? '');
    if (!customer) return invalid({ customer: ['customer_not_found'] });
    await lockCustomer(ctx, customer.id);
    await assertRoom(ctx, customer.id, input.code ?? null);
    if (!Exact.of(input.rate_amount).isPositive()) invalid({ rate_amount: ['value_is_out_of_range'] });
    if (customer.currency && customer.currency !== input.currency) {
      invalid(
        { currency: ['currencies_does_not_match'] },
        `This customer is billed in ${customer.currency}.`,
      );
    }
    const { customer: row } = await loadCustomer(ctx, customer.id);
    const entityCode = input.billing_entity_code;
    const entity = entityCode ? await findBillingEntity(tx, organizationId, entityCode) : null;
    await settleCurrencies(ctx, [{ customer: row, currency: input.currency }]);
    const wallet = await openWallet(ctx, {
      customerId: customer.id,
      currency: input.currency,
      code: input.code || codeFrom(input.name),
      name: input.name ?? null,
      rateAmount: Exact.of(input.rate_amount).toDecimalString(5),
      priority: input.priority ?? 50,
      expirationAt: checkedWalletExpiry(input.expiration_at, ctx.now),
      invoiceRequiresSuccessfulPayment: input.invoice_requires_successful_payment ?? false,
      paidTopUpMinAmountMinor: input.paid_top_up_min_amount_cents ?? null,
      paidTopUpMaxAmountMinor: input.paid_top_up_max_amount_cents ?? null,
      purchaseOrderNumber: input.purchase_order_number ?? null,
      billingEntityId: entity?.id ?? null,
      metadata: input.metadata ? mapOf(input.metadata) : null,
      ...(await findLimitations(ctx, input.applies_to)),
    });
    await writeRules(ctx, wallet, input.recurring_transaction_rules ?? []);
    const granted = await firstCredits(ctx, wallet, input);
    return {
      result: await findWallet(tx, organizationId, { id: wallet.id }),
      title: `Open the wallet "${wallet.name ?? wallet.code}"`,
      subject: { type: 'wallet', id: wallet.id },
      customerId: customer.id,
      after: wallet,
      ...(granted > 0n
        ? {
            givenAway: { amountMinor: granted, currency: wallet.currency },
            limit: { act: 'credits' as const, quantity: granted, currency: wallet.currency },
          }
        : {}),
    };
  },
});

async function assertRoom(
  { tx, organizationId }: CommandContext,
  customerId: string,
  code: string | null,
): Promise<void> {
  const active = and(
    eq(wallets.organizationId, organizationId),
    eq(wallets.customerId, customerId),
    eq(wallets.status, 'active'),
  );
  const [row] = await tx.select({ wallets: count() }).from(wallets).where(active);
  if ((row?.wallets ?? 0) >= MOST_WALLETS) {
    invalid({ customer: ['wallet_limit_reached'] }, `A customer has at most ${MOST_WALLETS} wallets.`);
  }
  if (!code) return;
  const taken = await tx
    .select({ id: wallets.id })
    .from(wallets)
    .where(and(active, eq(wallets.code, code)));
  if (taken.length > 0) invalid({ code: ['value_already_exist'] });
}

/** "Prepaid usage" → "prepaid_usage". */
function codeFrom(name: string | null | undefined): string {
  const code = (name ?? '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '');
  return code || 'default';
}

/** Answers the money given for free, in minor units. */
async function firstCredits(ctx: CommandContext, wallet: WalletRow, input: WalletInput): Promise<bigint> {
  const details = {
    walletId: wallet.id,
    name: input.transaction_name,
    priority: input.transaction_priority,
    metadata: pairsOf(input.transaction_metadata),
  };
  if (input.paid_credits) {
    await purchaseCredits(ctx, {
      ...details,
      credits: input.paid_credits,
      ignorePaidTopUpLimits: input.ignore_paid_top_up_limits_on_creation,
    });
  }
  if (!input.granted_credits) return 0n;
  return (await grantCredits(ctx, { ...details, credits: input.granted_credits })).amountMinor;
}
