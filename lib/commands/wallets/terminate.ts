import { z } from 'zod';
import { formatMoney } from '@/lib/billing/money/format';
import { lockCustomer } from '@/lib/invoicing/customers';
import { expireWallet } from '@/lib/invoicing/wallets';
import { defineCommand } from '../core/command.ts';
import { findWallet, type WalletRow } from './find.ts';
import { walletName } from './update.ts';

const input = z.object({ wallet: walletName });

/** Ends a wallet. What it still holds is lost to the customer. */
export const terminateWallet = defineCommand<z.infer<typeof input>, WalletRow>({
  name: 'wallets/terminate',
  input,
  right: 'credits.grant',
  reason: 'required',
  undo: null,
  async run(ctx, { wallet: name }) {
    const before = await findWallet(ctx.tx, ctx.organizationId, name);
    await lockCustomer(ctx, before.customerId);
    const after = await expireWallet(ctx, before.id);
    return {
      result: after,
      title: `End the wallet "${before.name ?? before.code}" with ${formatMoney(before.balanceMinor, before.currency)}`,
      subject: { type: 'wallet', id: after.id },
      customerId: after.customerId,
      before,
      after,
    };
  },
});
