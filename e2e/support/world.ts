import type { BrowserContext } from '@playwright/test';
import type { Role } from '@/db/schema';
import { Api } from './api.ts';
import { makeCatalogue } from './catalogue.ts';
import { addMember, enterAs, type Member } from './people.ts';

/** Where a world's clock begins: midnight of 17 September 2026 in Halifax, when Saltmarsh Studios signs up. */
const BEGINS = '2026-09-17T03:00:00Z';
/** Where most journeys begin: Tuesday 13 October 2026, 10:24 in Lisbon. */
export const TUESDAY = '2026-10-13T09:24:00Z';

interface Invoice {
  lago_id: string;
  number: string;
  status: string;
  total_amount_cents: number;
  fees_amount_cents: number;
  issuing_date: string;
}

interface CustomerInput {
  name: string;
  plan?: 'solo' | 'crew' | 'studio';
  /** When the subscription began; before the clock for somebody whose trial is over. */
  since?: string;
  timezone?: string;
  billing?: 'calendar' | 'anniversary';
  email?: string;
  address?: { address_line1: string; city: string; state?: string; zipcode?: string };
}

export interface Customer {
  /** The id in the console's addresses. */
  id: string;
  externalId: string;
  name: string;
}

/**
 * An organisation with test data of its own whose clock stands still until it is moved: one for each journey, so that
 * journeys can run beside each other and in any order.
 */
export class World {
  private readonly people = new Map<string, Promise<Member>>();

  private constructor(
    readonly origin: string,
    readonly organizationId: string,
    readonly api: Api,
  ) {}

  /** Makes a sandbox with the live organisation's key, fills its catalogue and gives it a founder. */
  static async open(origin: string, begins = BEGINS): Promise<World> {
    const { sandbox } = await new Api(origin, process.env.JOURNEYS_API_KEY ?? '').post<{
      sandbox: { lago_id: string; api_key: string };
    }>('/sandboxes', {
      sandbox: {
        name: 'Tidewharf',
        default_currency: 'USD',
        timezone: 'Europe/Lisbon',
        country: 'PT',
        net_payment_term: 0,
        address_line1: 'Rua das Gaivotas 14',
        zipcode: '1200',
        city: 'Lisboa',
        now: begins,
      },
    });
    const world = new World(origin, sandbox.lago_id, new Api(origin, sandbox.api_key));
    await Promise.all([makeCatalogue(world.api), world.person('founder')]);
    return world;
  }

  /** Somebody with this role; a name of their own makes a colleague. */
  person(role: Role, name?: string): Promise<Member> {
    const key = name ?? role;
    const found = this.people.get(key);
    if (found) return found;
    const made = addMember(this.organizationId, role, { at: Date.parse(BEGINS), name });
    this.people.set(key, made);
    return made;
  }

  /** Signs a browser in as somebody with this role. */
  async enter(context: BrowserContext, role: Role, name?: string): Promise<Member> {
    const member = await this.person(role, name);
    await enterAs(context, member, this.origin);
    return member;
  }

  /** Moves the clock; everything due on the way has happened when it answers. */
  async move(now: string): Promise<void> {
    await this.api.put('/sandbox/clock', { clock: { now } });
  }

  /** A customer, with a subscription when a plan is named. */
  async customer(input: CustomerInput): Promise<Customer> {
    const { name, plan, since, timezone, billing = 'calendar', address } = input;
    const externalId = name.toLowerCase().replaceAll(/[^a-z]+/g, '-');
    const email = input.email ?? `billing@${externalId}.example`;
    const { customer } = await this.api.post<{ customer: { lago_id: string } }>('/customers', {
      customer: { external_id: externalId, name, email, currency: 'USD', timezone, ...address },
    });
    if (plan) {
      await this.api.post('/subscriptions', {
        subscription: {
          external_customer_id: externalId,
          external_id: externalId,
          plan_code: plan,
          billing_time: billing,
          subscription_at: since,
        },
      });
    }
    return { id: customer.lago_id, externalId, name };
  }

  /** Saltmarsh Studios try Crew: 30 days from 17 September in Halifax, so free through 16 October. */
  saltmarsh(): Promise<Customer> {
    return this.customer({
      name: 'Saltmarsh Studios',
      plan: 'crew',
      since: BEGINS,
      timezone: 'America/Halifax',
      billing: 'anniversary',
    });
  }

  /** Pylon Podcasts have paid for Crew, month by month, since their trial of last June. */
  pylon(): Promise<Customer> {
    return this.customer({
      name: 'Pylon Podcasts',
      plan: 'crew',
      since: '2026-06-01T07:00:00Z',
      timezone: 'America/Los_Angeles',
      address: { address_line1: '88 NW Couch Street', city: 'Portland', state: 'Oregon', zipcode: '97209' },
    });
  }

  /** Reports use, as the product's own program does. */
  async use(
    customer: Customer,
    code: 'minutes' | 'storage',
    amounts: readonly { at: string; amount: number }[],
  ): Promise<void> {
    const field = code === 'minutes' ? 'minutes' : 'gigabytes';
    await this.api.post('/events/batch', {
      events: amounts.map(({ at, amount }, index) => ({
        transaction_id: `${customer.externalId}-${code}-${at}-${index}`,
        external_subscription_id: customer.externalId,
        code,
        timestamp: Math.floor(Date.parse(at) / 1000),
        properties: { [field]: amount },
      })),
    });
  }

  /** Issued invoices and drafts of a customer, the oldest first. */
  async invoices(customer: Customer): Promise<Invoice[]> {
    const query = `external_customer_id=${customer.externalId}&per_page=100`;
    const { invoices } = await this.api.get<{ invoices: Invoice[] }>(`/invoices?${query}`);
    return invoices.reverse();
  }
}
