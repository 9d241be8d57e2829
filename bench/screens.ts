import type { Tx } from '@/db/clients';
import { addDays, startOfDay } from '@/lib/billing/periods/zone';
import { activity } from '@/lib/queries/console/activity';
import { apiLog } from '@/lib/queries/console/api-log';
import { approvalRequestsList } from '@/lib/queries/console/approvals';
import { accountTotals } from '@/lib/queries/console/books';
import { customerFacts, customerSubscriptions, plansToChooseFrom } from '@/lib/queries/console/customer';
import { customerFigures } from '@/lib/queries/console/customer-figures';
import { customerMoney } from '@/lib/queries/console/customer-money';
import { comingUp, customerTimeline } from '@/lib/queries/console/customer-timeline';
import { type CustomerFilter, customersPage, planNames } from '@/lib/queries/console/customers';
import {
  meterUse,
  movedCustomers,
  movements,
  mrrByMonth,
  mrrByPlan,
  revenueCurrencies,
} from '@/lib/queries/console/insights';
import { invoiceDocument, notesOnInvoice } from '@/lib/queries/console/invoice';
import { invoiceCorrections } from '@/lib/queries/console/invoice-corrections';
import { invoiceStandings, matchingTotals, viewTotals } from '@/lib/queries/console/invoice-figures';
import { type InvoiceFilter, invoicesPage } from '@/lib/queries/console/invoices';
import { matchingCustomers } from '@/lib/queries/console/matching-customers';
import { matchingInvoices } from '@/lib/queries/console/matching-invoices';
import { collected, paymentsPage } from '@/lib/queries/console/payments';
import { customersOnPlan, planCards, planVersionsOf } from '@/lib/queries/console/plans';
import { findAmounts, findCustomers, findInvoices, findPlans } from '@/lib/queries/console/search';
import { creditsLeftToGive, shellCounts } from '@/lib/queries/console/shell';
import { comingDue, workRows } from '@/lib/queries/console/today';
import { metersOfPlan, usageByDay } from '@/lib/queries/console/usage-by-day';
import { deliveriesPage, endpointLines, messagesAside, typesSent } from '@/lib/queries/console/webhooks';
import { replayTargets } from '@/lib/queries/console/what-if';
import type { Places } from './places.ts';

export interface Screen {
  name: string;
  kind: 'list' | 'detail' | 'overview';
  /** What its page asks for, in the page's own order. */
  read(tx: Tx): Promise<unknown>;
}

/** Somebody who did nothing yet. */
const PERSON = '00000000-0000-7000-8000-000000000001';
const ZONE = 'America/New_York';
const ALL: CustomerFilter = { view: 'all', sort: 'name', plan: null, search: null };
const EVERY: InvoiceFilter = { view: 'all', currency: null, search: null };

/** Every list, detail and overview of the console, by the functions its page calls. */
export function screensOf(places: Places): Screen[] {
  const { organizationId: org, now, middle, customerId, invoiceId } = places;
  const today = new Date(now).toISOString().slice(0, 10);
  const month = { from: `${today.slice(0, 7)}-01`, to: addDays(today, 31) };
  const customers = (name: string, changed: Partial<CustomerFilter>, after?: string): Screen => ({
    name: `customers, ${name}`,
    kind: 'list',
    async read(tx) {
      const filter = { ...ALL, ...changed };
      const matching = await matchingCustomers(tx, filter.search);
      await customersPage(tx, org, filter, matching, now, after);
      await customerFigures(tx, org, filter, matching, now);
      await planNames(tx, org);
    },
  });
  const invoices = (name: string, changed: Partial<InvoiceFilter>, after?: string): Screen => ({
    name: `invoices, ${name}`,
    kind: 'list',
    async read(tx) {
      const filter = { ...EVERY, ...changed };
      const standings = await invoiceStandings(tx, org);
      const matching = await matchingInvoices(tx, filter.search);
      await invoicesPage(tx, org, filter, matching, after);
      return matching ? matchingTotals(tx, org, filter, matching) : viewTotals(standings, filter);
    },
  });
  const payments = (name: string, failed: boolean, after?: string): Screen => ({
    name: `payments, ${name}`,
    kind: 'list',
    async read(tx) {
      await paymentsPage(tx, org, failed, after);
      await collected(tx, org, now);
      await shellCounts(tx, org, now);
    },
  });
  return [
    customers('first page', {}),
    customers('half-way down', {}, middle.name),
    customers('newest first', { sort: 'newest' }),
    customers('newest, half-way down', { sort: 'newest' }, middle.newest),
    customers('paying', { view: 'paying' }),
    customers('trying', { view: 'trials' }),
    customers('owing', { view: 'owes' }),
    customers('left', { view: 'left' }),
    customers('on a plan', { plan: 'studio' }),
    customers('found by a number', { search: '7321' }),
    customers('found by a word', { search: 'harbour' }),
    invoices('first page', {}),
    invoices('half-way down', {}, middle.invoice),
    invoices('drafts', { view: 'drafts' }),
    invoices('open', { view: 'open' }),
    invoices('overdue', { view: 'overdue' }),
    invoices('failed', { view: 'failed' }),
    invoices('one currency', { currency: 'USD' }),
    invoices('found by number', { search: places.number }),
    invoices('found by customer', { search: 'amber harbour 1' }),
    payments('first page', false),
    payments('half-way down', false, middle.payment),
    payments('failed', true),
    {
      name: 'activity, first page',
      kind: 'list',
      async read(tx) {
        await activity(tx, org, { people: true });
      },
    },
    {
      name: 'activity, everything, half-way down',
      kind: 'list',
      async read(tx) {
        await activity(tx, org, {}, middle.act);
      },
    },
    {
      name: 'approvals',
      kind: 'list',
      async read(tx) {
        await approvalRequestsList(tx, org);
      },
    },
    {
      name: 'webhooks',
      kind: 'list',
      async read(tx) {
        await endpointLines(tx, org);
        await typesSent(tx, org);
        await messagesAside(tx, org);
        await deliveriesPage(tx, org, {});
      },
    },
    {
      name: 'calls of the API',
      kind: 'list',
      async read(tx) {
        await apiLog(tx, org, {});
      },
    },
    {
      name: 'search, a customer',
      kind: 'list',
      async read(tx) {
        await findCustomers(tx, org, 'firm-7321', now);
        await findInvoices(tx, org, 'firm-7321');
        await findPlans(tx, org, 'firm-7321');
      },
    },
    {
      name: 'search, a word of many',
      kind: 'list',
      async read(tx) {
        await findCustomers(tx, org, 'harbour', now);
        await findInvoices(tx, org, 'harbour');
        await findPlans(tx, org, 'harbour');
      },
    },
    {
      name: 'search, the end of a number',
      kind: 'list',
      async read(tx) {
        await findInvoices(tx, org, places.number.split('-').slice(1).join('-'));
      },
    },
    {
      name: 'search, an amount',
      kind: 'list',
      async read(tx) {
        await findAmounts(tx, org, [123_456n, 1_234n]);
      },
    },
    {
      name: 'a customer',
      kind: 'detail',
      async read(tx) {
        await customerFacts(tx, org, customerId);
        await customerSubscriptions(tx, org, customerId);
        await plansToChooseFrom(tx, org, 'USD');
        await customerMoney(tx, org, customerId, now);
        await customerTimeline(tx, org, customerId, 'everything');
        await comingUp(tx, org, customerId);
        await metersOfPlan(tx, org, places.planVersionId);
        await usageByDay(
          tx,
          org,
          { externalSubscriptionId: places.externalId, from: now - 31 * 86_400_000, to: now, timezone: ZONE },
          await metersOfPlan(tx, org, places.planVersionId),
        );
      },
    },
    {
      name: 'an invoice',
      kind: 'detail',
      async read(tx) {
        await invoiceDocument(tx, org, invoiceId);
        await invoiceCorrections(tx, org, invoiceId, now);
        await notesOnInvoice(tx, org, invoiceId);
      },
    },
    {
      name: 'a plan',
      kind: 'detail',
      async read(tx) {
        await planCards(tx, org, now, 'crew');
        await planVersionsOf(tx, org, places.planId);
        await customersOnPlan(tx, org, places.planId);
        await replayTargets(tx, org, 'crew');
      },
    },
    {
      name: 'the frame around each page',
      kind: 'overview',
      async read(tx) {
        await shellCounts(tx, org, now);
        await creditsLeftToGive(tx, org, { userId: PERSON, roles: ['support'] }, now);
        await workRows(tx, org, now);
      },
    },
    {
      name: 'Today',
      kind: 'overview',
      async read(tx) {
        await workRows(tx, org, now);
        await activity(tx, org, { actorId: PERSON }, undefined, 5);
        await comingDue(tx, org, now);
      },
    },
    {
      name: 'plans',
      kind: 'overview',
      async read(tx) {
        await planCards(tx, org, now);
      },
    },
    {
      name: 'Insights, overview',
      kind: 'overview',
      async read(tx) {
        await revenueCurrencies(tx, org);
        await mrrByMonth(tx, org, 'USD', today);
        await mrrByPlan(tx, org, 'USD');
      },
    },
    {
      name: 'Insights, movements',
      kind: 'overview',
      async read(tx) {
        await revenueCurrencies(tx, org);
        await movements(tx, org, 'USD', addDays(month.from, -31), month.from);
        await movedCustomers(tx, org, 'USD', 'new', addDays(month.from, -31), month.from);
      },
    },
    {
      name: 'Insights, use',
      kind: 'overview',
      async read(tx) {
        await revenueCurrencies(tx, org);
        await meterUse(tx, org, ZONE, startOfDay(addDays(today, -59), ZONE), now);
      },
    },
    {
      name: 'Books, totals',
      kind: 'overview',
      async read(tx) {
        await accountTotals(tx, org);
      },
    },
  ];
}
