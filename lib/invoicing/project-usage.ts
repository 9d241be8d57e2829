import type { ChargeUsageFacts } from '@/lib/billing/invoice/facts';
import { Exact } from '@/lib/billing/money/exact';
import { loadUsages, type UsageRequest } from '@/lib/usage/store';
import type { BillingContext } from './context';

const DAY_MS = 86_400_000;

type Usages = Map<string, ChargeUsageFacts>;

/** Usage up to the context's watermark, which stays as it is: read once where the context keeps it. */
export async function readOnce(
  { tx, organizationId, watermark, usageRead }: BillingContext,
  requests: UsageRequest[],
): Promise<Map<string, ChargeUsageFacts>> {
  const scope = { organizationId, watermark };
  if (watermark === undefined || !usageRead) return loadUsages(tx, scope, requests);
  const question = JSON.stringify(requests);
  const read = usageRead.get(question) ?? (await loadUsages(tx, scope, requests));
  usageRead.set(question, read);
  return read;
}

/**
 * Adds an estimate for the part of each window that lies in the future: sums and counts go on at the pace of the last
 * `basisDays` days. Metrics that are not a sum, and recurring ones (whose level simply stays), are left as they are.
 * What those days saw is the same for every bill of a forecast, so it is read once.
 */
export async function projectUsage(
  ctx: BillingContext,
  requests: UsageRequest[],
  usages: Usages,
): Promise<Usages> {
  const { projection } = ctx;
  if (!projection) return usages;
  const { from, basisDays } = projection;
  const open = requests.filter(
    ({ key, to, includeHistory }) => to > from && !includeHistory && usages.get(key)?.kind === 'sum',
  );
  const basisMs = basisDays * DAY_MS;
  const paces = await loadPaces(ctx, open, basisMs);
  const projected = new Map(usages);
  for (const request of open) {
    const now = usages.get(request.key);
    const basis = paces.get(paceKey(request));
    if (now?.kind !== 'sum' || basis?.kind !== 'sum') continue;
    const share = Exact.ratio(BigInt(request.to - Math.max(from, request.from)), BigInt(basisMs));
    projected.set(request.key, {
      kind: 'sum',
      units: Exact.of(now.units).add(Exact.of(basis.units).mul(share).round(0)).toString(),
      eventsCount: now.eventsCount + Number(Exact.of(basis.eventsCount).mul(share).roundToBigInt()),
    });
  }
  return projected;
}

const paceKey = ({ externalSubscriptionId, metric }: UsageRequest): string =>
  JSON.stringify([externalSubscriptionId, metric.code, metric.aggregationType, metric.fieldName]);

/** What the days before the forecast saw, by subscription and metric. */
async function loadPaces(ctx: BillingContext, requests: UsageRequest[], basisMs: number): Promise<Usages> {
  const { projection } = ctx;
  const known: Usages = projection?.paces ?? new Map();
  const from = projection?.from ?? 0;
  const missing = new Map<string, UsageRequest>();
  for (const request of requests) {
    const key = paceKey(request);
    if (!known.has(key)) missing.set(key, { ...request, key, from: from - basisMs, to: from });
  }
  if (missing.size === 0) return known;
  for (const [key, usage] of await readOnce(ctx, [...missing.values()])) known.set(key, usage);
  return known;
}
