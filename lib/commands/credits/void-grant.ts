import { z } from 'zod';
import { formatMoney } from '@/lib/billing/money/format';
import { lockCustomer } from '@/lib/invoicing/customers';
import { findLot, lockLot, voidLot } from '@/lib/invoicing/wallets';
import { conflict } from '@/lib/schedule/errors';
import { defineCommand } from '../core/command.ts';

const input = z.strictObject({ lotId: z.uuid() });

/** Takes back what is left of credits given before. What they have paid stays paid. Answers the amount, in minor units. */
export const voidGrant = defineCommand<z.infer<typeof input>, { lotId: string; takenMinor: bigint }>({
  name: 'credits/void-grant',
  input,
  right: 'credits.grant',
  reason: 'optional',
  undo: 'fix_forward',
  async run(ctx, { lotId }) {
    await lockCustomer(ctx, (await findLot(ctx, lotId)).customerId);
    const found = await lockLot(ctx, lotId);
    const takenMinor = await voidLot(ctx, lotId);
    if (takenMinor === 0n)
      conflict('nothing_left', 'These credits are used up. There is nothing to take back.');
    return {
      result: { lotId, takenMinor },
      title: `Take back ${formatMoney(takenMinor, found.wallet.currency)}`,
      subject: { type: 'wallet_transaction', id: lotId },
      customerId: found.wallet.customerId,
      before: { remainingMinor: found.lot.remainingAmountMinor },
      after: { remainingMinor: (found.lot.remainingAmountMinor ?? 0n) - takenMinor },
    };
  },
});
