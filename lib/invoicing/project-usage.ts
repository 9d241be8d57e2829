import type { ChargeUsageFacts, SubscriptionBillFacts } from '@/lib/billing/invoice/facts';
import { Exact } from '@/lib/billing/money/exact';
import { loadUsages, type UsageRequest, type UsageScope } from '@/lib/usage/store';
import type { BillingContext } from './context';

const DAY_MS = 86_400_000;

/**
 * Adds an estimate for the part of each window that lies in the future: sums and counts go on at the pace of the last
 * `basisDays` days. Metrics that are not a sum, and recurring ones (whose level simply stays), are left as they are.
 */
export async function projectUsage(
  ctx: BillingContext,
  scope: UsageScope,
  bill: SubscriptionBillFacts,
  requests: UsageRequest[],
  usage: Record<string, ChargeUsageFacts>,
): Promise<Record<string, ChargeUsageFacts>> {
  const { projection } = ctx;
  const { chargesFrom, chargesTo } = bill.windows;
  if (!projection || chargesFrom === null || chargesTo === null || chargesTo <= projection.from) return usage;
  const open = requests.filter(({ key, includeHistory }) => usage[key]?.kind === 'sum' && !includeHistory);
  if (open.length === 0) return usage;
  const basisMs = projection.basisDays * DAY_MS;
  const recent = await loadUsages(
    ctx.tx,
    scope,
    open.map((request) => ({ ...request, from: projection.from - basisMs, to: projection.from })),
  );
  const aheadMs = BigInt(chargesTo - Math.max(projection.from, chargesFrom));
  const share = Exact.ratio(aheadMs, BigInt(basisMs));
  const projected = { ...usage };
  for (const { key } of open) {
    const now = usage[key];
    const basis = recent.get(key);
    if (now?.kind !== 'sum' || basis?.kind !== 'sum') continue;
    projected[key] = {
      kind: 'sum',
      units: Exact.of(now.units).add(Exact.of(basis.units).mul(share).round(0)).toString(),
      eventsCount: now.eventsCount + Number(Exact.of(basis.eventsCount).mul(share).roundToBigInt()),
    };
  }
  return projected;
}
