import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Databases } from '@/db/clients';
import { newId } from '@/db/ids';
import { billableMetrics } from '@/db/schema';
import { withTenant } from '@/db/tenancy';
import { foldUsage } from './fold.ts';
import type { IncomingEvent } from './incoming.ts';
import { BatchError } from './incoming.ts';
import { storeEvents } from './ingest.ts';
import { loadUsage, loadUsages, type UsageRequest } from './store.ts';
import { NOW, openUsageWorld, type UsageWorld } from './testing/world.ts';

const HOUR = 3_600_000;
let world: UsageWorld;
let databases: Databases;

beforeAll(async () => {
  world = await openUsageWorld();
  databases = world.databases;
});
afterAll(() => world.close());

const organization = () => world.organization();

async function metric(
  organizationId: string,
  code: string,
  more: Partial<typeof billableMetrics.$inferInsert> = {},
): Promise<void> {
  await withTenant(databases, organizationId, (tx) =>
    tx.insert(billableMetrics).values({
      organizationId,
      id: newId(),
      code,
      name: code,
      aggregationType: 'sum_agg',
      fieldName: 'value',
      createdAt: new Date(NOW),
      ...more,
    }),
  );
}

let next = 0;
function event(timestamp: number, value: unknown, more: Partial<IncomingEvent> = {}): IncomingEvent {
  next++;
  return {
    transactionId: `t${next}`,
    externalSubscriptionId: 's',
    code: 'calls',
    timestamp,
    properties: value === undefined ? {} : { value },
    preciseTotalAmountMinor: null,
    ...more,
  };
}

const store = (organizationId: string, events: IncomingEvent[]) =>
  withTenant(databases, organizationId, (tx) => storeEvents(tx, organizationId, NOW, events));

describe('storing events', () => {
  it('refuses a whole batch for one duplicate, stored or inside the batch, by index', async () => {
    const org = await organization();
    const first = event(NOW, 1);
    await store(org, [first]);
    const fresh = event(NOW, 2);
    const refused = store(org, [fresh, first, fresh]);
    await expect(refused).rejects.toBeInstanceOf(BatchError);
    await refused.catch((error: BatchError) =>
      expect(error.errors).toEqual({
        1: { transaction_id: ['value_already_exist'] },
        2: { transaction_id: ['value_already_exist'] },
      }),
    );
    expect(await store(org, [fresh])).toHaveLength(1);
  });

  it('takes the same transaction id under another subscription or organisation', async () => {
    const [a, b] = [await organization(), await organization()];
    const one = event(NOW, 1);
    await store(a, [one, { ...one, externalSubscriptionId: 'other' }]);
    await store(b, [one]);
  });

  it('works out the expression of the metric into its field', async () => {
    const org = await organization();
    await metric(org, 'calls', { expression: 'round(event.properties.value * event.properties.units)' });
    const [stored] = await store(org, [event(NOW, 10.4, { properties: { value: 10.4, units: 2 } })]);
    expect(stored?.properties).toEqual({ value: '21', units: 2 });
    const failing = withTenant(databases, org, (tx) => storeEvents(tx, org, NOW, [event(NOW, 'x')]));
    await expect(failing).rejects.toMatchObject({ errors: { 0: { expression: ['invalid_expression'] } } });
  });

  it('keeps one of two racing writers of the same event', async () => {
    const org = await organization();
    const same = event(NOW, 1);
    const results = await Promise.allSettled([1, 2, 3, 4].map(() => store(org, [same])));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});

const SUM = { code: 'calls', aggregationType: 'sum_agg', fieldName: 'value' };
const COUNT = { code: 'calls', aggregationType: 'count_agg', fieldName: null };

async function lastSequence(org: string): Promise<bigint> {
  const rows = await databases.system.execute<{ last: string }>(
    sql`select max("sequence")::text as last from events where organization_id = ${org}`,
  );
  return BigInt(rows[0]!.last);
}

async function usage(org: string, request: Partial<Omit<UsageRequest, 'key'>>, watermark?: bigint) {
  return withTenant(databases, org, (tx) =>
    loadUsage(
      tx,
      { organizationId: org, watermark },
      {
        externalSubscriptionId: 's',
        metric: SUM,
        from: NOW - 24 * HOUR,
        to: NOW,
        needEvents: false,
        includeHistory: false,
        ...request,
      },
    ),
  );
}

describe('loading usage', () => {
  it('counts only what the pattern calls a number, and only in the window, both ends included', async () => {
    const org = await organization();
    await metric(org, 'calls');
    const inside = ['1.5', 2, '-0.25', 0.1].map((value) => event(NOW, value));
    const ignored = ['1e3', '+5', '.5', ' 5', '5.', null, true, {}].map((value) => event(NOW, value));
    await store(org, [...inside, ...ignored, event(NOW + 1, 100), event(NOW - 24 * HOUR - 1, 100)]);
    await store(org, [event(NOW - 24 * HOUR, 10)]);
    const expected = { kind: 'sum', units: '13.35', eventsCount: 5 };
    expect(await usage(org, {})).toEqual(expected);
    expect((await foldUsage(databases, org)).settled).toBe(true);
    expect(await usage(org, {})).toEqual(expected);
    expect(await usage(org, { metric: COUNT })).toEqual({ kind: 'sum', units: '13', eventsCount: 13 });
    expect(await usage(org, { includeHistory: true })).toMatchObject({ units: '113.35' });
  });

  it('gives events in order of time, then of arrival, with history apart', async () => {
    const org = await organization();
    await store(org, [
      event(NOW, 'b'),
      event(NOW - HOUR, 'a'),
      event(NOW, 'c'),
      event(NOW - 30 * HOUR, 'old'),
    ]);
    const facts = await usage(org, { needEvents: true, includeHistory: true });
    if (facts.kind !== 'events') throw new Error('expected events');
    expect(facts.events.map(({ properties }) => properties.value)).toEqual(['a', 'b', 'c']);
    expect(facts.history.map(({ properties }) => properties.value)).toEqual(['old']);
  });

  it('sees nothing past the watermark, folded or not', async () => {
    const org = await organization();
    await metric(org, 'calls');
    await store(org, [event(NOW - HOUR, 1)]);
    const first = await lastSequence(org);
    await store(org, [event(NOW - HOUR, 2)]);
    expect(await usage(org, {}, first)).toMatchObject({ units: '1' });
    await foldUsage(databases, org);
    expect(await usage(org, {}, first)).toMatchObject({ units: '1' });
    expect(await usage(org, {})).toMatchObject({ units: '3' });
  });

  it('answers many metrics at once', async () => {
    const org = await organization();
    await store(org, [event(NOW, 1), event(NOW, 5, { code: 'other' })]);
    const window = { externalSubscriptionId: 's', from: NOW - HOUR, to: NOW, includeHistory: false };
    const facts = await withTenant(databases, org, (tx) =>
      loadUsages(tx, { organizationId: org }, [
        { key: 'sum', metric: SUM, needEvents: false, ...window },
        { key: 'other', metric: { ...SUM, code: 'other' }, needEvents: false, ...window },
        { key: 'events', metric: SUM, needEvents: true, ...window },
        { key: 'none', metric: { ...COUNT, code: 'none' }, needEvents: false, ...window },
      ]),
    );
    expect(facts.get('sum')).toMatchObject({ units: '1' });
    expect(facts.get('other')).toMatchObject({ units: '5' });
    expect(facts.get('events')).toMatchObject({ kind: 'events', events: [{ timestamp: NOW }] });
    expect(facts.get('none')).toEqual({ kind: 'sum', units: '0', eventsCount: 0 });
  });
});

describe('folding', () => {
  it('keeps rollups plus tail equal to the raw sum, whatever is stored and folded when', async () => {
    const step = fc.oneof(
      {
        weight: 5,
        arbitrary: fc.record({
          kind: fc.constant('store' as const),
          hours: fc.integer({ min: -60, max: 0 }),
          minutes: fc.integer({ min: 0, max: 59 }),
          cents: fc.integer({ min: -5000, max: 5000 }),
        }),
      },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('fold' as const) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('metric' as const) }) },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 12 }),
        fc.integer({ min: -62 * 60, max: 0 }),
        fc.integer({ min: 0, max: 62 * 60 }),
        async (steps, fromMinute, minutes) => {
          const org = await organization();
          const stored: { at: number; cents: number }[] = [];
          let hasMetric = false;
          for (const one of steps) {
            if (one.kind === 'fold') await foldUsage(databases, org);
            else if (one.kind === 'metric' && !hasMetric) {
              await metric(org, 'calls');
              hasMetric = true;
            } else if (one.kind === 'store') {
              const at = NOW + one.hours * HOUR + one.minutes * 60_000;
              stored.push({ at, cents: one.cents });
              const text = `${one.cents < 0 ? '-' : ''}${Math.floor(Math.abs(one.cents) / 100)}.${String(Math.abs(one.cents) % 100).padStart(2, '0')}`;
              await store(org, [event(at, text)]);
            }
          }
          const from = NOW + fromMinute * 60_000;
          const to = from + minutes * 60_000;
          const inside = stored.filter(({ at }) => at >= from && at <= to);
          const facts = await usage(org, { from, to });
          const counted = await usage(org, { from, to, metric: COUNT });
          if (facts.kind !== 'sum' || counted.kind !== 'sum') throw new Error('expected sums');
          expect(Math.round(Number(facts.units) * 100)).toBe(
            inside.reduce((sum, { cents }) => sum + cents, 0),
          );
          expect(facts.eventsCount).toBe(inside.length);
          expect(counted.units).toBe(String(inside.length));
        },
      ),
      { numRuns: 25, seed: 7 },
    );
  }, 60_000);

  it('does not pass an event whose transaction is still open', async () => {
    const org = await organization();
    await metric(org, 'calls');
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let opened = () => {};
    const inFlight = new Promise<void>((resolve) => {
      opened = resolve;
    });
    const slow = withTenant(databases, org, async (tx) => {
      await storeEvents(tx, org, NOW, [event(NOW - HOUR, 1)]);
      opened();
      await held;
    });
    await inFlight;
    await store(org, [event(NOW - HOUR, 2)]);
    expect((await foldUsage(databases, org)).settled).toBe(false);
    release();
    await slow;
    expect((await foldUsage(databases, org)).settled).toBe(true);
    expect(await usage(org, {})).toMatchObject({ units: '3' });
  });
});
