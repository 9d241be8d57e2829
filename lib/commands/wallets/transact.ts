import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { walletTransactions } from '@/db/schema';
import { formatMoney } from '@/lib/billing/money/format';
import { purchaseCredits } from '@/lib/invoicing/purchases';
import { type LotRow, lockWallet, lockWithCustomer, type WalletRow } from '@/lib/invoicing/wallet-balance';
import { grantCredits, type VoidRequest, voidCredits, voidEach } from '@/lib/invoicing/wallets';
import { CommandError, invalid } from '@/lib/schedule/errors';
import { type CommandContext, defineCommand, type Outcome } from '../core/command.ts';
import { identifier, isUuid, optionalFlag, optionalText } from '../core/fields.ts';
import { creditAmount, pairs, pairsOf, priority } from './input.ts';

const input = z.object({
  wallet_id: identifier(),
  paid_credits: creditAmount('paid_credits'),
  granted_credits: creditAmount('granted_credits'),
  voided_credits: creditAmount('voided_credits'),
  voided_transaction_id: identifier().nullish(),
  invoice_requires_successful_payment: optionalFlag(),
  ignore_paid_top_up_limits: optionalFlag(),
  name: z.string().max(255, { error: 'too_long' }).nullish(),
  priority,
  purchase_order_number: optionalText(),
  metadata: pairs,
});
type Input = z.infer<typeof input>;

/** Buys, gives or voids credits of one wallet; one movement for each kind asked (API contract, section 9). */
export const transactWallet = defineCommand<Input, LotRow[]>({
  name: 'wallets/transact',
  input,
  right: 'credits.grant',
  reason: 'optional',
  undo: null,
  async run(ctx, given) {
    const wallet = await walletOf(ctx, given.wallet_id);
    const details = {
      walletId: wallet.id,
      name: given.name,
      priority: given.priority,
      purchaseOrderNumber: given.purchase_order_number,
      metadata: pairsOf(given.metadata),
    };
    const made: LotRow[] = [];
    if (given.paid_credits) {
      made.push(
        await purchaseCredits(ctx, {
          ...details,
          credits: given.paid_credits,
          invoiceRequiresSuccessfulPayment: given.invoice_requires_successful_payment,
          ignorePaidTopUpLimits: given.ignore_paid_top_up_limits,
        }),
      );
    }
    let grantedMinor = 0n;
    if (given.granted_credits) {
      const lot = await grantCredits(ctx, { ...details, credits: given.granted_credits });
      grantedMinor = lot.amountMinor;
      made.push(lot);
    }
    if (given.voided_credits) made.push(await voided(ctx, wallet, given));
    return outcomeOf(wallet, made, grantedMinor);
  },
  together: {
    waitsFor: (given) => (onlyVoids(given) ? given.wallet_id : null),
    async run(ctx, all) {
      const wallet = await walletOf(ctx, all[0]?.wallet_id ?? '');
      const voided = await voidEach(ctx, wallet, all.map(voidOf));
      return voided.map((row) => (row instanceof CommandError ? row : outcomeOf(wallet, [row], 0n)));
    },
  },
});

/** Credits of no lot in particular, and nothing else. */
const onlyVoids = (given: Input): boolean =>
  Boolean(given.voided_credits) &&
  !given.voided_transaction_id &&
  !given.paid_credits &&
  !given.granted_credits;

const voidOf = ({ voided_credits, voided_transaction_id, name, metadata }: Input): VoidRequest => ({
  credits: voided_credits ?? '0',
  lotId: voided_transaction_id,
  name,
  metadata: pairsOf(metadata),
});

function outcomeOf(wallet: WalletRow, made: LotRow[], grantedMinor: bigint): Outcome<LotRow[]> {
  const { id, customerId, currency } = wallet;
  return {
    result: made,
    title: titleOf(wallet, made),
    subject: { type: 'wallet', id },
    customerId,
    after: made,
    ...(grantedMinor > 0n && {
      givenAway: { amountMinor: grantedMinor, currency },
      limit: { act: 'credits', quantity: grantedMinor, currency },
    }),
  };
}

const VERBS = { purchased: 'Sell', granted: 'Give', voided: 'Take back', invoiced: 'Use', expired: 'Expire' };

function titleOf(wallet: WalletRow, made: LotRow[]): string {
  if (made.length === 0) return `Change nothing in the wallet "${wallet.name ?? wallet.code}"`;
  const parts = made.map(
    (row) => `${VERBS[row.transactionStatus]} ${formatMoney(row.amountMinor, wallet.currency)}`,
  );
  return `${parts.join(', ')} of credits`;
}

/** Locks the wallet and its customer. Here an unknown wallet is a validation failure (API contract, section 1.1). */
async function walletOf(ctx: CommandContext, id: string): Promise<WalletRow> {
  const wallet = isUuid(id) ? await lockWithCustomer(ctx, id) : null;
  if (!wallet) return invalid({ wallet_id: ['wallet_not_found'] });
  if (wallet.status !== 'active') invalid({ wallet_id: ['wallet_is_terminated'] }, 'This wallet has ended.');
  return wallet;
}

async function voided(ctx: CommandContext, wallet: WalletRow, given: Input): Promise<LotRow> {
  const lotId = given.voided_transaction_id;
  if (lotId) {
    const [lot] = isUuid(lotId)
      ? await ctx.tx
          .select()
          .from(walletTransactions)
          .where(
            and(
              eq(walletTransactions.organizationId, ctx.organizationId),
              eq(walletTransactions.id, lotId),
              eq(walletTransactions.walletId, wallet.id),
              eq(walletTransactions.transactionType, 'inbound'),
            ),
          )
      : [];
    if (!lot) return invalid({ voided_transaction_id: ['wallet_transaction_not_found'] });
    if ((lot.remainingAmountMinor ?? 0n) <= 0n) {
      invalid({ voided_transaction_id: ['no_remaining_amount'] }, 'Nothing is left of it.');
    }
  }
  return voidCredits(ctx, await lockWallet(ctx, wallet.id), voidOf(given));
}
