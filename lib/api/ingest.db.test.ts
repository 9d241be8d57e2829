import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Caller, openWorld, type World } from './testing/world.ts';

let world: World;
let firm: Caller;

beforeAll(async () => {
  world = await openWorld();
  firm = await world.organization();
});
afterAll(() => world.close());

const event = (transaction_id: unknown, more: object = {}) => ({
  transaction_id,
  external_subscription_id: 'sub',
  code: 'calls',
  properties: { value: 1 },
  ...more,
});

describe('POST /events', () => {
  it('answers what was stored, as reading it does', async () => {
    const { status, body } = await firm.post('/events', {
      event: event('é"\\1', { timestamp: 1_709_629_200.5, precise_total_amount_cents: '12.50' }),
    });
    expect(status).toBe(200);
    expect(body.event).toMatchObject({
      timestamp: '2024-03-05T09:00:00.500Z',
      precise_total_amount_cents: '12.5',
      properties: { value: 1 },
    });
    const { body: list } = await firm.get('/events');
    expect(list.events[0]).toEqual(body.event);
  });

  it('refuses a duplicate and a batch with one', async () => {
    expect((await firm.post('/events', { event: event('once') })).status).toBe(200);
    expect((await firm.post('/events', { event: event('once') })).body).toMatchObject({
      status: 422,
      error_details: { transaction_id: ['value_already_exist'] },
    });
    const { body } = await firm.post('/events/batch', {
      events: [event('new'), event('once'), event('new')],
    });
    expect(body.error_details).toEqual({
      1: { transaction_id: ['value_already_exist'] },
      2: { transaction_id: ['value_already_exist'] },
    });
    expect((await firm.get('/events/new')).status).toBe(404);
  });

  it('names the field that cannot be kept', async () => {
    const details = async (more: object) =>
      (await firm.post('/events', { event: event('odd', more) })).body.error_details;
    expect(await details({ code: 'a\u0000' })).toEqual({ code: ['value_is_invalid'] });
    expect(await details({ external_subscription_id: '\ud800' })).toEqual({
      external_subscription_id: ['value_is_invalid'],
    });
    expect(await details({ transaction_id: 'x'.repeat(300) })).toEqual({
      transaction_id: ['value_is_too_long'],
    });
    expect(await details({ properties: { a: { b: 'x\u0000' } } })).toEqual({
      'properties.a.b': ['value_is_invalid'],
    });
    expect(await details({ properties: { a: 'x'.repeat(200_000) } })).toEqual({
      properties: ['value_is_too_long'],
    });
    expect(await details({ timestamp: -1e13 })).toEqual({ timestamp: ['invalid_format'] });
  });
});

describe('POST /ingest', () => {
  it('takes each event for itself and says what became of it', async () => {
    await firm.post('/ingest', { events: [event('i0')] });
    const { status, body } = await firm.post('/ingest', {
      events: [
        event('i1'),
        event('i0'),
        event('i0', { code: 'other' }),
        event('', { timestamp: 'noon' }),
        { ...event('i2'), colour: 'red' },
        event('i3', { properties: [] }),
        event('i1'),
        'event',
      ],
    });
    expect(status).toBe(200);
    expect(body.ingest.counts).toEqual({ accepted: 1, duplicate: 2, conflict: 1, invalid: 4 });
    expect(body.ingest.results).toMatchObject([
      { index: 0, transaction_id: 'i1', status: 'accepted', lago_id: expect.any(String) },
      { index: 1, transaction_id: 'i0', status: 'duplicate' },
      { index: 2, transaction_id: 'i0', status: 'conflict' },
      {
        index: 3,
        status: 'invalid',
        errors: { transaction_id: ['value_is_mandatory'], timestamp: ['invalid_format'] },
      },
      { index: 4, status: 'invalid', errors: { colour: ['unknown_field'] } },
      { index: 5, status: 'invalid', errors: { properties: ['value_is_invalid'] } },
      { index: 6, transaction_id: 'i1', status: 'duplicate' },
      { index: 7, status: 'invalid', errors: { base: ['value_is_invalid'] } },
    ]);
  });

  it('wants events, and not too many', async () => {
    expect((await firm.post('/ingest', {})).status).toBe(400);
    expect((await firm.post('/ingest', { events: [] })).body.error_details).toEqual({
      events: ['no_events'],
    });
    const many = Array.from({ length: 5_001 }, (_, at) => event(`m${at}`));
    expect((await firm.post('/ingest', { events: many })).body.error_details).toEqual({
      events: ['too_many_events'],
    });
  });
});
