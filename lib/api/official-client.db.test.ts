import { Client, getLagoError } from 'lago-javascript-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorld, type World } from './testing/world.ts';

let world: World;
let client: ReturnType<typeof Client>;

beforeAll(async () => {
  world = await openWorld();
  const { key } = await world.organization();
  const customFetch: typeof fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    return world.request(`${url.pathname}${url.search}`, init);
  };
  client = Client(key, { baseUrl: 'http://localhost/api/v1', customFetch });
});
afterAll(() => world.close());

describe('the published client, unchanged', () => {
  it('plays a month through it', async () => {
    const { data: made } = await client.billableMetrics.createBillableMetric({
      billable_metric: { name: 'Calls', code: 'calls.v1', aggregation_type: 'count_agg' },
    });
    await client.plans.createPlan({
      plan: {
        name: 'Pro',
        code: 'pro plan.1',
        interval: 'monthly',
        amount_cents: 3100,
        amount_currency: 'EUR',
        pay_in_advance: true,
        charges: [
          {
            billable_metric_id: made.billable_metric.lago_id,
            charge_model: 'standard',
            properties: { amount: '0.5' },
          },
        ],
      },
    });
    const { data: shown } = await client.plans.findPlan('pro plan.1');
    expect(shown.plan.code).toBe('pro plan.1');
    await client.customers.createCustomer({
      customer: { external_id: 'acme.io:1', name: 'Acme' },
    });
    const { data: started } = await client.subscriptions.createSubscription({
      subscription: { external_customer_id: 'acme.io:1', plan_code: 'pro plan.1', external_id: 'sub:1' },
    });
    expect(started.subscription.status).toBe('active');
    await client.events.createBatchEvents({
      events: [1, 2, 3].map((n) => ({
        transaction_id: `t${n}`,
        external_subscription_id: 'sub:1',
        code: 'calls.v1',
      })),
    });
    const { data: usage } = await client.customers.findCustomerCurrentUsage('acme.io:1', {
      external_subscription_id: 'sub:1',
    });
    expect(usage.customer_usage.amount_cents).toBe(150);
    const { data: list } = await client.invoices.findAllInvoices({
      external_customer_id: 'acme.io:1',
      'statuses[]': ['finalized'],
      per_page: 5,
    });
    expect(list.meta.total_count).toBe(1);
    expect(list.invoices[0]?.fees_amount_cents).toBe(2700);
  });

  it('hears errors in the shape it knows', async () => {
    const failed = await client.plans.findPlan('nothing').catch((error: unknown) => getLagoError(error));
    expect(failed).toEqual({ status: 404, error: 'Not Found', code: 'plan_not_found' });
  });
});
