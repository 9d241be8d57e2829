import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Databases } from '@/db/clients';
import { Coalescer, Overloaded } from './coalescer.ts';
import { BatchError, type IncomingEvent } from './incoming.ts';
import type { Outcome } from './ingest.ts';
import { NOW, openUsageWorld, type UsageWorld } from './testing/world.ts';
import { newHopes, writeGroup } from './write-group.ts';

let world: UsageWorld;
let databases: Databases;
let org: string;
let other: string;

beforeAll(async () => {
  world = await openUsageWorld();
  databases = world.databases;
  [org, other] = [await world.organization(), await world.organization()];
});
afterAll(() => world.close());

const event = (transactionId: string, value: unknown = 1, code = 'calls'): IncomingEvent => ({
  transactionId,
  externalSubscriptionId: 's',
  code,
  timestamp: null,
  properties: { value },
  preciseTotalAmountMinor: null,
});
const whole = (organizationId: string, ...events: IncomingEvent[]) => ({
  organizationId,
  events,
  whole: true,
});
const each = (organizationId: string, ...events: IncomingEvent[]) => ({
  organizationId,
  events,
  whole: false,
});
const statuses = (outcomes: Outcome[]) => outcomes.map(({ status }) => status);
async function kept(organizationId: string, prefix: string): Promise<string[]> {
  const rows = await databases.system.execute<{ id: string }>(sql`
    select transaction_id as id from events
    where organization_id = ${organizationId} and transaction_id like ${`${prefix}%`} order by "sequence"`);
  return rows.map(({ id }) => id);
}

describe('a group of calls', () => {
  it('settles each call by itself, in one organisation and in several', async () => {
    await writeGroup(databases, [whole(org, event('a1'))]);
    const settled = await writeGroup(databases, [
      whole(org, event('a2'), event('a1')),
      each(org, event('a3'), event('a1'), event('a1', 2), event('a3')),
      whole(org, event('a4'), event('a5')),
      whole(other, event('a1')),
      whole(org, event('a4')),
    ]);
    expect(settled[0]).toMatchObject({ ok: false, error: expect.any(BatchError) });
    const outcomes = settled[1]?.ok ? settled[1].outcomes : [];
    expect(statuses(outcomes)).toEqual(['accepted', 'duplicate', 'conflict', 'duplicate']);
    expect(settled.map(({ ok }) => ok)).toEqual([false, true, true, true, false]);
    expect(await kept(org, 'a')).toEqual(['a1', 'a3', 'a4', 'a5']);
    expect(await kept(other, 'a')).toEqual(['a1']);
  });

  it('answers a call that was set apart from what was really stored', async () => {
    await writeGroup(databases, [whole(org, event('b1'))]);
    // The second is only a duplicate of the first, which itself is refused.
    const settled = await writeGroup(databases, [
      whole(org, event('b2'), event('b1')),
      whole(org, event('b3'), event('b2')),
    ]);
    expect(settled.map(({ ok }) => ok)).toEqual([false, true]);
    expect(await kept(org, 'b')).toEqual(['b1', 'b3', 'b2']);
  });

  it('fails only the call whose value the database refuses', async () => {
    const bad = { ...event('c-bad'), preciseTotalAmountMinor: '1e' };
    const settled = await writeGroup(databases, [
      whole(org, event('c1')),
      whole(org, bad),
      whole(other, event('c2')),
      each(org, event('c3')),
    ]);
    expect(settled.map(({ ok }) => ok)).toEqual([true, false, true, true]);
    expect(await kept(org, 'c')).toEqual(['c1', 'c3']);
  });

  it('compares the time only when the sender said it', async () => {
    const timed = { ...event('d1'), timestamp: NOW - 1_000 };
    await writeGroup(databases, [each(org, timed)]);
    const [again] = await writeGroup(databases, [
      each(org, timed, event('d1'), { ...timed, timestamp: NOW - 2_000 }, event('d1', 1, 'other')),
    ]);
    expect(again?.ok && statuses(again.outcomes)).toEqual(['duplicate', 'duplicate', 'conflict', 'conflict']);
  });
});

describe('a small group of new events', () => {
  it('is written at once: times and clocks are the organisation’s own', async () => {
    const timed = { ...event('o1'), timestamp: NOW - 5_000 };
    const settled = await writeGroup(databases, [whole(org, timed, event('o2')), each(other, event('o1'))]);
    const stored = settled.flatMap((one) => (one.ok ? one.outcomes : []));
    expect(stored).toMatchObject([
      { status: 'accepted', event: { timestamp: NOW - 5_000, ingestedAt: NOW, organizationId: org } },
      { status: 'accepted', event: { timestamp: NOW, ingestedAt: NOW } },
      { status: 'accepted', event: { timestamp: NOW, organizationId: other } },
    ]);
    const rows = await databases.system.execute<{ id: string; same: boolean }>(sql`
      select transaction_id as id, (extract(epoch from "timestamp") * 1000)::bigint::text as at,
             pg_visible_in_snapshot(writer, pg_current_snapshot()) as same
      from events where organization_id = ${org} and transaction_id like 'o%' order by "sequence"`);
    expect([...rows]).toEqual([
      { id: 'o1', at: String(NOW - 5_000), same: true },
      { id: 'o2', at: String(NOW), same: true },
    ]);
  });

  it('takes a transaction where a metric works something out, or usage is followed', async () => {
    const special = await world.organization();
    await databases.system.execute(sql`
      insert into billable_metrics (organization_id, id, code, name, aggregation_type, field_name, expression, created_at)
      values (${special}, gen_random_uuid(), 'area', 'Area', 'sum_agg', 'value', 'event.properties.a * 2', now())`);
    const hopes = newHopes();
    const calls = [
      whole(special, { ...event('p1', 1, 'area'), properties: { a: '4' } }),
      whole(org, event('p1')),
    ];
    const settled = await writeGroup(databases, calls, hopes);
    expect(settled).toMatchObject([
      { ok: true, outcomes: [{ event: { properties: { value: '8' } } }] },
      { ok: true },
    ]);
    expect([hopes.small.has(), hopes.large.has()]).toEqual([false, true]);
    expect(await kept(org, 'p')).toEqual(['p1']);
  });

  it('writes nothing of a call that must be whole and is not', async () => {
    const long = { ...event('q2'), properties: { text: 'x'.repeat(100_001) } };
    const settled = await writeGroup(databases, [whole(org, event('q1'), long), whole(org, event('q3'))]);
    expect(settled.map(({ ok }) => ok)).toEqual([false, true]);
    expect(await kept(org, 'q')).toEqual(['q3']);
  });
});

describe('a large group of calls', () => {
  const many = (prefix: string, count = 300) =>
    Array.from({ length: count }, (_, n) => ({
      ...event(`${prefix}${n}`, n),
      externalSubscriptionId: `s${n % 7}`,
    }));

  it('keeps text as it was sent', async () => {
    const amounts = [
      '12.50',
      '-0.0001',
      '0.00',
      '10000',
      '-99990000.00050001',
      '123456789012345678901234567890.1',
    ];
    const odd = ['\t', '\n', '\r', '\\', '\\.', '\\N', '"', "'", '{}', 'é', '😀', '\u0001'];
    const sent = odd.map((text, n) => ({
      ...event(`h${n}${text}`, text, `code${text}`),
      externalSubscriptionId: `s${text}`,
      preciseTotalAmountMinor: amounts[n] ?? null,
    }));
    const [settled] = await writeGroup(databases, [each(org, ...many('h-', 250), ...sent)]);
    expect(settled?.ok && new Set(statuses(settled.outcomes))).toEqual(new Set(['accepted']));
    const rows = await databases.system.execute(sql`
      select transaction_id, external_subscription_id, code, properties, precise_total_amount_minor as amount,
             "timestamp" = to_timestamp(${NOW}::float8 / 1000) as now
      from events where organization_id = ${org} and code <> 'calls' order by "sequence"`);
    expect(rows.slice(-odd.length)).toEqual(
      sent.map((one) => ({
        transaction_id: one.transactionId,
        external_subscription_id: one.externalSubscriptionId,
        code: one.code,
        properties: one.properties,
        amount: one.preciseTotalAmountMinor,
        now: true,
      })),
    );
  });

  it('looks each event up when one of them was there already, and settles each call by itself', async () => {
    await writeGroup(databases, [whole(org, ...many('i', 1))]);
    const hopes = newHopes();
    const settled = await writeGroup(
      databases,
      [
        whole(org, ...many('j'), ...many('i', 1)),
        each(org, ...many('i')),
        whole(org, ...many('k')),
        whole(other, ...many('i')),
      ],
      hopes,
    );
    expect(settled.map(({ ok }) => ok)).toEqual([false, true, true, true]);
    expect(settled[0]).toMatchObject({
      error: { errors: { 300: { transaction_id: ['value_already_exist'] } } },
    });
    const outcomes = settled[1]?.ok ? statuses(settled[1].outcomes) : [];
    expect(outcomes.slice(0, 2)).toEqual(['duplicate', 'accepted']);
    expect((await kept(org, 'j')).length).toBe(0);
    expect(new Set(await kept(org, 'i')).size).toBe(300);
    expect(await kept(org, 'k')).toEqual(many('k').map(({ transactionId }) => transactionId));
    expect(await kept(other, 'i')).toHaveLength(300);
    expect(hopes.large.has()).toBe(false);
  });

  it('fails only the call whose value the database refuses', async () => {
    const bad = { ...event('l-bad'), preciseTotalAmountMinor: '1e' };
    const settled = await writeGroup(databases, [
      whole(org, ...many('l')),
      whole(org, bad),
      each(other, ...many('l')),
    ]);
    expect(settled.map(({ ok }) => ok)).toEqual([true, false, true]);
    expect(await kept(org, 'l')).toHaveLength(300);
  });

  it('keeps one of several that race with the same events', async () => {
    const settled = await Promise.all(
      [1, 2, 3].map(() => writeGroup(databases, [whole(org, ...many('m')), each(org, ...many('n'))])),
    );
    expect(settled.filter(([first]) => first?.ok)).toHaveLength(1);
    const outcomes = settled.flatMap(([, second]) => (second?.ok ? statuses(second.outcomes) : []));
    expect(outcomes.filter((status) => status === 'accepted')).toHaveLength(300);
    expect(await kept(org, 'm')).toHaveLength(300);
    expect(await kept(org, 'n')).toHaveLength(300);
  });
});

describe('the coalescer', () => {
  it('answers every caller, once, after the commit, whatever arrives together', async () => {
    const coalescer = new Coalescer(databases);
    const answers = await Promise.allSettled(
      Array.from({ length: 300 }, async (_, at) => {
        const outcomes = await coalescer.store(whole(org, event(`e${at % 200}`, at % 200)), 100);
        expect(await kept(org, `e${at % 200}`)).toContain(`e${at % 200}`);
        return outcomes;
      }),
    );
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(200);
    expect(await kept(org, 'e')).toHaveLength(200);
  });

  it('refuses what is too much, and leaves room for others', async () => {
    const coalescer = new Coalescer(databases, {
      writers: 1,
      busyWriters: 1,
      groupEvents: 2,
      groupBytes: 1_000,
      waitingEvents: 10,
      waitingBytes: 1_000,
    });
    const send = (organizationId: string, from: number, count: number) =>
      Promise.allSettled(
        Array.from({ length: count }, (_, at) =>
          coalescer.store(whole(organizationId, event(`f${from + at}`)), 10),
        ),
      );
    const [greedy, modest] = await Promise.all([send(org, 0, 20), send(other, 0, 3)]);
    expect(modest.every(({ status }) => status === 'fulfilled')).toBe(true);
    const refused = greedy.filter((answer) => answer.status === 'rejected');
    expect(refused).toHaveLength(15);
    expect(refused.every(({ reason }) => reason instanceof Overloaded)).toBe(true);
    const [later] = await send(org, 100, 1);
    expect(later?.status).toBe('fulfilled');
  });

  it('outlives events that are too large for the bounds when nothing else waits', async () => {
    const coalescer = new Coalescer(databases, {
      writers: 1,
      busyWriters: 1,
      groupEvents: 1,
      groupBytes: 1,
      waitingEvents: 1,
      waitingBytes: 1,
    });
    expect(statuses(await coalescer.store(whole(org, event('g1'), event('g2')), 50))).toEqual([
      'accepted',
      'accepted',
    ]);
  });
});
