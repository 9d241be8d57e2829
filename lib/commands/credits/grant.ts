import { z } from 'zod';
import { formatMoney } from '@/lib/billing/money/format';
import { lockCustomer } from '@/lib/invoicing/customers';
import type { LotRow } from '@/lib/invoicing/wallet-balance';
import { grantCredits } from '@/lib/invoicing/wallets';
import { invalid } from '@/lib/schedule/errors';
import { defineCommand } from '../core/command.ts';
import { currency, instant, minorUnits, optionalText } from '../core/fields.ts';

const input = z.strictObject({
  customerId: z.uuid(),
  amountMinor: minorUnits(),
  currency: currency('value_is_mandatory'),
  /** Epoch milliseconds; null keeps them until they are used. */
  expiresAt: instant().nullable(),
  /** What the credits are for; the customer sees it. */
  note: optionalText(255),
});

/** Gives a customer credits that pay their next bills. Opens a wallet when there is none for the currency. */
export const grantCreditsCommand = defineCommand<z.infer<typeof input>, LotRow>({
  name: 'credits/grant',
  input,
  right: 'credits.grant',
  reason: 'required',
  undo: 'reversible',
  async run(ctx, { customerId, amountMinor, currency: code, expiresAt, note }) {
    if (expiresAt !== null && expiresAt <= ctx.now) {
      invalid({ expiresAt: ['invalid_date'] }, 'Choose an end that lies ahead.');
    }
    await lockCustomer(ctx, customerId);
    const lot = await grantCredits(ctx, { customerId, currency: code, amountMinor, expiresAt, name: note });
    return {
      result: lot,
      title: `Give ${formatMoney(amountMinor, code)} of credits`,
      subject: { type: 'wallet_transaction', id: lot.id },
      customerId,
      after: lot,
      givenAway: { amountMinor, currency: code },
      limit: { act: 'credits', quantity: amountMinor, currency: code },
      inverse: { command: 'credits/void-grant', input: { lotId: lot.id } },
    };
  },
});
