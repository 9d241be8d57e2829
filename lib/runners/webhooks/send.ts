import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import type { Databases } from '@/db/clients';
import { withTenant } from '@/db/tenancy';
import type { AddressCheck } from '@/lib/adapters/outbound/addresses';
import { type Posted, post } from '@/lib/adapters/outbound/post';
import { webhookKey } from '@/lib/schedule/webhooks/key';
import { openForWebhooks } from '@/lib/schedule/webhooks/secrets';
import { isAway, reasonOf } from '../failures.ts';
import type { RunnerLog } from '../log.ts';
import { type Runner, startLoop } from '../loop.ts';
import { type ClaimedDelivery, claimDeliveries } from './claim.ts';
import { recordAttempt } from './record.ts';
import { signatureHeaders } from './sign.ts';

export interface SendOptions {
  databases: Databases;
  mayDial: AddressCheck;
  /** The address of this API, which signs as `iss`. */
  issuer: string;
  timeoutMs?: number;
  /** Deliveries under way in this process. */
  concurrency?: number;
  pollMs?: number;
  log: RunnerLog;
}

/** Beyond the time-out, for writing down what came of it. */
const LEASE_MARGIN_MS = 30_000;
/** How long stopping waits for answers; what has not answered by then is sent again after its lease. */
const LEAVE_MS = 5_000;

/**
 * Sends deliveries whose time has come. They run beside one another and nobody waits for a slow one; at least once each,
 * because a process may die between the answer and writing it down.
 */
export function startSending({
  databases,
  mayDial,
  issuer,
  timeoutMs = 30_000,
  concurrency = 128,
  pollMs = 500,
  log,
}: SendOptions): Runner {
  const running = new Map<Promise<void>, string>();

  function underWay(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const endpointId of running.values()) counts[endpointId] = (counts[endpointId] ?? 0) + 1;
    return counts;
  }

  async function round(): Promise<boolean> {
    const most = concurrency - running.size;
    if (most <= 0) return false;
    const leaseMs = timeoutMs + LEASE_MARGIN_MS;
    const claimed = await claimDeliveries(databases, { leaseMs, most, underWay: underWay() });
    for (const delivery of claimed) {
      const sending = send(delivery).finally(() => running.delete(sending));
      running.set(sending, delivery.endpointId);
    }
    // A place that becomes free is filled at once while there is more.
    if (claimed.length > 0) await Promise.race([...running.keys(), sleep(pollMs)]);
    return claimed.length > 0;
  }

  async function send(delivery: ClaimedDelivery): Promise<void> {
    const { organizationId, id, endpointId, body, url } = delivery;
    const about = { organizationId, deliveryId: id, endpointId };
    try {
      const begun = performance.now();
      const posted = await attempt(delivery, body, url);
      const took = Math.round(performance.now() - begun);
      const { turnedOff } = await recordAttempt(databases, delivery, posted, took, Math.random());
      if (turnedOff) log.warn(about, 'a webhook endpoint was turned off: it failed for days');
    } catch (error) {
      // Nothing is lost: the lease ends and the delivery is taken up again.
      const why = isAway(error) ? { reason: reasonOf(error) } : { err: error };
      log.error({ ...about, ...why }, 'what came of a webhook could not be written down');
    }
  }

  async function attempt(delivery: ClaimedDelivery, body: string, url: string): Promise<Posted> {
    let headers: Record<string, string>;
    try {
      headers = await headersOf(delivery, body);
    } catch (error) {
      if (isAway(error)) throw error;
      return { kind: 'unreachable', error: `It could not be signed: ${reasonOf(error)}`, url, address: null };
    }
    return post({ url, body, headers }, { mayDial, timeoutMs });
  }

  async function headersOf(delivery: ClaimedDelivery, body: string): Promise<Record<string, string>> {
    const { organizationId, id, algo, secret, previousSecret } = delivery;
    const open = (sealed: string) => openForWebhooks(sealed, organizationId, 'secret');
    const secrets: [string, ...string[]] = [open(secret), ...(previousSecret ? [open(previousSecret)] : [])];
    const { at, privateKey } = await withTenant(databases, organizationId, async (tx) => {
      const [clock] = await tx.execute<{ now: string }>(
        sql`select floor(extract(epoch from clock_timestamp()) * 1000)::bigint::text as now`,
      );
      const now = Number(clock?.now);
      const key = algo === 'jwt' ? await webhookKey(tx, organizationId, now) : null;
      return { at: now, privateKey: key?.privateKey ?? null };
    });
    return {
      'Content-Type': 'application/json',
      'User-Agent': 'Counterfoil-Webhooks/1.0',
      ...signatureHeaders(id, body, at, { algo, secrets, privateKey, issuer }),
    };
  }

  const loop = startLoop({ name: 'webhooks out', everyMs: pollMs, round, log });
  return {
    async stop() {
      await loop.stop();
      await Promise.race([
        Promise.allSettled([...running.keys()]),
        sleep(LEAVE_MS, undefined, { ref: false }),
      ]);
    },
  };
}
