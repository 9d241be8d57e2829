import { and, desc, eq } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { wallets } from '@/db/schema';
import type { WalletRow } from '@/lib/invoicing/wallet-balance';
import { notFound } from '@/lib/schedule/errors';
import { isUuid } from '../core/fields.ts';
import { findCustomer } from '../customers/find.ts';

export type { WalletRow };

/** How Lago's doors name a wallet: by id, or by its customer and code. */
export type WalletName = { id: string } | { external_customer_id: string; code: string };

/** Throws not_found. A code names the customer's active wallet, else the latest that had it. */
export async function findWallet(tx: Tx, organizationId: string, name: WalletName): Promise<WalletRow> {
  if ('id' in name) {
    if (!isUuid(name.id)) return notFound('wallet');
    const [row] = await tx
      .select()
      .from(wallets)
      .where(and(eq(wallets.organizationId, organizationId), eq(wallets.id, name.id)));
    return row ?? notFound('wallet');
  }
  const customer = await findCustomer(tx, organizationId, name.external_customer_id);
  const [row] = await tx
    .select()
    .from(wallets)
    .where(
      and(
        eq(wallets.organizationId, organizationId),
        eq(wallets.customerId, customer.id),
        eq(wallets.code, name.code),
      ),
    )
    .orderBy(wallets.status, desc(wallets.createdAt))
    .limit(1);
  return row ?? notFound('wallet');
}
