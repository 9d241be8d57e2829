import assert from 'node:assert/strict';
import { sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { withTenant } from '@/db/tenancy';
import { foldUsage } from '@/lib/usage/fold';
import type { IncomingEvent } from '@/lib/usage/incoming';
import { loadUsage } from '@/lib/usage/store';
import { writeGroup } from '@/lib/usage/write-group';
import { openFirm } from '../firm.ts';
import { type Figure, figureOf, type Measure } from '../measure.ts';
import { analyze, type InTenant, one, p95 } from '../reads.ts';
import type { BenchWorld } from '../world.ts';

const EVENTS = Number(process.env.BENCH_EVENTS ?? 1_000_000);
const BATCH = 4_000;
const LATE = 1_000;
const REPEATS = 3;
const RAW_READS = 10;
const DAY = 86_400_000;

/** Usage so far of one very busy subscription: a month from its rollups, late events and duplicates included. */
export const usage: Measure = {
  name: 'usage',
  async run(world) {
    const database = await world.newDatabase();
    try {
      const { databases } = database;
      const { organizationId } = await openFirm(database, 2);
      // Bills run from midnight to midnight; the last day is not over yet.
      const now = Date.now();
      const to = Math.ceil(now / DAY) * DAY - 1;
      const from = to + 1 - 30 * DAY;
      const event = (n: number): IncomingEvent => ({
        externalSubscriptionId: 'sub-0',
        code: 'calls',
        transactionId: `event-${n}`,
        timestamp: from + Math.floor(((now - from) * n) / EVENTS),
        properties: { value: n % 97 },
        preciseTotalAmountMinor: null,
      });
      const send = async (events: IncomingEvent[]) => {
        const [settled] = await writeGroup(databases, [{ organizationId, events, whole: false }]);
        assert.ok(settled?.ok);
        return settled.outcomes.filter(({ status }) => status === 'accepted').length;
      };
      let stored = 0;
      for (let start = 0; start < EVENTS - LATE; start += BATCH) {
        const size = Math.min(BATCH, EVENTS - LATE - start);
        stored += await send(Array.from({ length: size }, (_, n) => event(start + n)));
      }
      await foldUsage(databases, organizationId);
      await analyze(database);
      // Events of all the month that come after the fold, half of them twice over, and as many that were there before it.
      const late = Array.from({ length: LATE }, (_, n) => ({
        ...event(EVENTS - LATE + n),
        timestamp: from + Math.floor(((now - from) * n) / LATE),
      }));
      const known = Array.from({ length: LATE }, (_, n) => event(n * 7));
      stored += await send([...late, ...late.slice(LATE / 2), ...known]);
      assert.equal(stored, EVENTS);
      const inTenant: InTenant = (read) => withTenant(databases, organizationId, read);
      const rolled = (tx: Tx) =>
        loadUsage(
          tx,
          { organizationId },
          {
            externalSubscriptionId: 'sub-0',
            metric: { code: 'calls', aggregationType: 'sum_agg', fieldName: 'value' },
            from,
            to,
            needEvents: false,
            includeHistory: false,
          },
        );
      const raw = (tx: Tx) =>
        tx.execute<{ units: string; count: number }>(sql`
          select sum((properties ->> 'value')::numeric)::text as units, count(*)::int as count from events
          where organization_id = ${organizationId} and external_subscription_id = 'sub-0' and code = 'calls'
            and "timestamp" between ${new Date(from).toISOString()}::timestamptz and ${new Date(to).toISOString()}::timestamptz`);
      const agree = () =>
        inTenant(async (tx) => {
          const [found, [counted]] = [await rolled(tx), await raw(tx)];
          assert.deepEqual(found, { kind: 'sum', units: counted?.units, eventsCount: EVENTS });
        });
      await agree();
      const figures = await compare(
        world,
        inTenant,
        { rolled, raw },
        `${LATE.toLocaleString('en')} of them late`,
      );
      await foldUsage(databases, organizationId);
      await analyze(database);
      await agree();
      return [...figures, ...(await compare(world, inTenant, { rolled, raw }, 'all folded'))];
    } finally {
      await database.drop();
    }
  },
};

interface Reads {
  rolled(tx: Tx): Promise<unknown>;
  raw(tx: Tx): Promise<unknown>;
}

async function compare(
  world: BenchWorld,
  inTenant: InTenant,
  reads: Reads,
  state: string,
): Promise<Figure[]> {
  const [ours, raws, ones]: [number[], number[], number[]] = [[], [], []];
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    ours.push(await p95(inTenant, reads.rolled));
    raws.push(await p95(inTenant, reads.raw, RAW_READS));
    ones.push(await p95(inTenant, one));
    world.say(
      `${state}, repeat ${repeat + 1}: ${ours.at(-1)} ms, raw ${raws.at(-1)} ms, select 1 ${ones.at(-1)} ms`,
    );
  }
  const name = `usage of a month of ${EVENTS.toLocaleString('en')} events (${state}), p95`;
  return [
    figureOf(name, 'ms', 'reading the raw events', ours, raws),
    figureOf(name, 'ms', 'select 1', ours, ones),
  ];
}
