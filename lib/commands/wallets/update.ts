import { and, eq, ne } from 'drizzle-orm';
import { z } from 'zod';
import { wallets } from '@/db/schema';
import { lockWallet } from '@/lib/invoicing/wallet-balance';
import { cancelDue, reschedule } from '@/lib/schedule/due';
import { invalid } from '@/lib/schedule/errors';
import { announce } from '@/lib/schedule/outbox';
import { type CommandContext, defineCommand } from '../core/command.ts';
import { findBillingEntity } from '../customers/find.ts';
import { findWallet, type WalletRow } from './find.ts';
import { checkedWalletExpiry, findLimitations, mapOf, type WalletChanges, walletChanges } from './input.ts';
import { writeRules } from './rules.ts';

export const walletName = z.union([
  z.object({ id: z.string() }),
  z.object({ external_customer_id: z.string(), code: z.string() }),
]);

const input = z.object({ wallet: walletName, changes: walletChanges });

/** Changes a wallet's words, order, limits, end and top-up rule. Its rate, currency and credits stay. */
export const updateWallet = defineCommand<z.infer<typeof input>, WalletRow>({
  name: 'wallets/update',
  input,
  right: 'credits.grant',
  reason: 'none',
  undo: null,
  async run(ctx, { wallet: name, changes }) {
    const { tx, organizationId, now } = ctx;
    const before = await lockWallet(ctx, (await findWallet(tx, organizationId, name)).id);
    if (before.status === 'terminated') {
      invalid({ wallet_id: ['wallet_is_terminated'] }, 'This wallet has ended. Open another one.');
    }
    await assertCodeFree(ctx, before, changes.code);
    const [after = before] = await tx
      .update(wallets)
      .set({ ...(await newValues(ctx, changes)), updatedAt: new Date(now) })
      .where(and(eq(wallets.organizationId, organizationId), eq(wallets.id, before.id)))
      .returning();
    if (changes.expiration_at !== undefined) await scheduleEnd(ctx, after);
    if (changes.recurring_transaction_rules) {
      await writeRules(ctx, after, changes.recurring_transaction_rules);
    }
    await announce(tx, organizationId, now, { type: 'wallet.updated', objectId: after.id });
    return {
      result: after,
      title: `Change the wallet "${before.name ?? before.code}"`,
      subject: { type: 'wallet', id: before.id },
      customerId: before.customerId,
      before,
      after,
    };
  },
});

/** Absent members stay; null clears. */
async function newValues(ctx: CommandContext, changes: WalletChanges): Promise<Partial<WalletRow>> {
  const entityCode = changes.billing_entity_code;
  const entity = entityCode ? await findBillingEntity(ctx.tx, ctx.organizationId, entityCode) : null;
  return {
    billingEntityId: entityCode === undefined ? undefined : (entity?.id ?? null),
    name: changes.name,
    code: changes.code || undefined,
    priority: changes.priority ?? undefined,
    expirationAt:
      changes.expiration_at === undefined ? undefined : checkedWalletExpiry(changes.expiration_at, ctx.now),
    invoiceRequiresSuccessfulPayment: changes.invoice_requires_successful_payment ?? undefined,
    paidTopUpMinAmountMinor: changes.paid_top_up_min_amount_cents,
    paidTopUpMaxAmountMinor: changes.paid_top_up_max_amount_cents,
    purchaseOrderNumber: changes.purchase_order_number,
    metadata: changes.metadata === undefined ? undefined : mapOf(changes.metadata),
    ...(changes.applies_to === undefined ? {} : await findLimitations(ctx, changes.applies_to)),
  };
}

async function assertCodeFree(
  { tx, organizationId }: CommandContext,
  wallet: WalletRow,
  code: string | null | undefined,
): Promise<void> {
  if (!code || code === wallet.code) return;
  const taken = await tx
    .select({ id: wallets.id })
    .from(wallets)
    .where(
      and(
        eq(wallets.organizationId, organizationId),
        eq(wallets.customerId, wallet.customerId),
        eq(wallets.status, 'active'),
        eq(wallets.code, code),
        ne(wallets.id, wallet.id),
      ),
    );
  if (taken.length > 0) invalid({ code: ['value_already_exist'] });
}

async function scheduleEnd({ tx, organizationId, now }: CommandContext, wallet: WalletRow): Promise<void> {
  if (!wallet.expirationAt) {
    await cancelDue(tx, organizationId, now, 'wallet.expire', wallet.id);
    return;
  }
  await reschedule(tx, organizationId, now, {
    kind: 'wallet.expire',
    key: wallet.expirationAt.toISOString(),
    dueAt: wallet.expirationAt.getTime(),
    customerId: wallet.customerId,
    subjectId: wallet.id,
  });
}
