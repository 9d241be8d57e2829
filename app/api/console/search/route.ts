import { periodWords } from '@/components/features/period-words';
import { formatAmount } from '@/components/format-amount';
import { formatInstant } from '@/components/format-date';
import type { SearchAnswer, SearchGroup, SearchItem } from '@/components/shell/search-types';
import { databases } from '@/db/process';
import { withTenant } from '@/db/tenancy';
import { currentPerson, type Person } from '@/lib/auth/current';
import { holds, type Right } from '@/lib/auth/rights';
import {
  type FoundCustomer,
  findAmounts,
  findCustomers,
  findInvoices,
  findPlans,
} from '@/lib/queries/console/search';
import { readClock } from '@/lib/schedule/clock';
import { screensNamed, type Understood, understand } from './words';

const ACT_RIGHTS: Record<string, Right> = {
  'extend-trial': 'trial.extend',
  credits: 'credits.grant',
  discount: 'discount.apply',
  'change-plan': 'plan.change',
  refund: 'credit_notes.issue',
  start: 'subscriptions.write',
};

/** Search over customers, invoices, amounts, plans and screens, and acts with their target. Nothing is done from here. */
export async function GET(asked: Request): Promise<Response> {
  const person = await currentPerson();
  if (!person) return Response.json({ groups: [] } satisfies SearchAnswer, { status: 401 });
  const read = understand(new URL(asked.url).searchParams.get('q') ?? '');
  const answer = await search(person, read, asked.signal);
  return Response.json(answer, { headers: { 'cache-control': 'no-store' } });
}

async function search(person: Person, read: Understood, signal: AbortSignal): Promise<SearchAnswer> {
  const { organizationId } = person;
  const found = await withTenant(
    databases(),
    organizationId,
    async (tx) => {
      const { now } = await readClock(tx, organizationId);
      // A person who types on has aborted this search: the rest of it need not run.
      const unless = async <T>(work: () => Promise<T[]>, wanted: boolean) =>
        wanted && !signal.aborted ? work() : [];
      const named = read.name.length > 0;
      return {
        now,
        customers: await unless(() => findCustomers(tx, organizationId, read.name, now), named),
        invoices: await unless(
          () => findInvoices(tx, organizationId, read.name),
          named && /\d/.test(read.name),
        ),
        amounts: await unless(() => findAmounts(tx, organizationId, read.minors), read.minors.length > 0),
        plans: await unless(() => findPlans(tx, organizationId, read.name), named),
      };
    },
    { readOnly: true, statementTimeoutMs: 3_000 },
  );
  const own = [
    acts(person, read, found.customers),
    { label: 'Customers', items: found.customers.map(customerItem) },
  ];
  // Acts come first only for somebody who has named one; a bare name is a search for the customer.
  if (read.acts.length === 0) own.reverse();
  const groups: SearchGroup[] = [
    ...own,
    {
      label: 'Invoices',
      items: found.invoices.map((invoice) => ({
        id: `invoice-${invoice.id}`,
        kind: 'invoice',
        title: invoice.number ?? 'Draft',
        detail: invoice.customerName,
        amount: formatAmount(BigInt(invoice.totalMinor), invoice.currency),
        href: `/invoices/${invoice.id}`,
      })),
    },
    {
      label: `Amounts of ${read.amountText ?? ''}`,
      note: 'in any currency',
      items: found.amounts.map((amount, index) => ({
        id: `amount-${amount.id}-${index}`,
        kind: 'invoice',
        title: `${amount.line ?? 'Bill'} ${formatAmount(BigInt(amount.totalMinor), amount.currency)}`,
        detail: [amount.number ?? 'draft', amount.customerName].join(', '),
        amount: formatInstant(amount.issuedAt, person.timezone, 'weekday', found.now),
        href: `/invoices/${amount.id}`,
      })),
    },
    {
      label: 'Plans',
      items: found.plans.map((plan) => ({
        id: `plan-${plan.code}`,
        kind: 'plan',
        title: plan.name,
        detail: plan.code,
        amount: `${formatAmount(BigInt(plan.amountMinor), plan.currency)} ${periodWords(plan.interval)}`,
        href: `/plans/${encodeURIComponent(plan.code)}`,
      })),
    },
    { label: 'Go to', items: screens(person, read) },
  ];
  return { groups: groups.filter(({ items }) => items.length > 0), readAs: read.readAs };
}

const CHOOSE_CUSTOMER: SearchItem = {
  id: 'act-start',
  kind: 'action',
  title: 'Start a subscription',
  detail: 'choose the customer first',
  href: '/customers',
};

/** Acts for the best match; without an act in the words, only a single clear match offers them. */
function acts(person: Person, read: Understood, customers: readonly FoundCustomer[]): SearchGroup {
  const target = customers[0];
  if (!target && read.name === '' && read.acts.some(({ act }) => act === 'start')) {
    return { label: 'Do', items: holds(person.roles, 'subscriptions.write') ? [CHOOSE_CUSTOMER] : [] };
  }
  if (!target || (read.acts.length === 0 && customers.length > 1 && read.minors.length === 0)) {
    return { label: 'Do', items: [] };
  }
  const wanted: Understood['acts'] =
    read.acts.length > 0
      ? read.acts
      : [
          ...(target.trialing
            ? [{ act: 'extend-trial', title: 'Extend trial', kind: 'action' as const }]
            : []),
          { act: 'credits', title: 'Give credits', kind: 'credits' },
          { act: 'discount', title: 'Give a discount', kind: 'discount' },
          target.active
            ? { act: 'change-plan', title: 'Change plan', kind: 'action' }
            : { act: 'start', title: 'Start a subscription', kind: 'action' },
        ];
  const compare: SearchItem[] =
    holds(person.roles, 'plan.change') &&
    target.active &&
    !target.trialing &&
    (read.acts.length === 0 || read.acts.some(({ act }) => act === 'change-plan'))
      ? [
          {
            id: 'act-compare',
            kind: 'plan',
            title: 'Compare plans',
            detail: `at what ${target.name} really used`,
            href: `/plans/compare?customer=${target.id}`,
          },
        ]
      : [];
  return {
    label: `Do, for ${target.name}`,
    items: [
      ...wanted
        .filter(({ act }) => holds(person.roles, ACT_RIGHTS[act] ?? 'credits.grant'))
        .map(({ act, title, kind }) => ({
          id: `act-${act}`,
          kind,
          title,
          detail: `for ${target.name}`,
          href:
            act === 'refund'
              ? `/invoices?view=all&q=${encodeURIComponent(target.name)}`
              : `/customers/${target.id}?act=${act}`,
        })),
      ...compare,
    ],
  };
}

function customerItem(customer: FoundCustomer): SearchItem {
  const state = customer.trialing ? 'trying' : customer.active ? 'paying' : 'no running plan';
  const owes = BigInt(customer.owesMinor);
  return {
    id: `customer-${customer.id}`,
    kind: 'customer',
    title: customer.name,
    detail: [customer.planName, state, customer.email].filter(Boolean).join(' · '),
    amount: owes > 0n && customer.currency ? `owes ${formatAmount(owes, customer.currency)}` : undefined,
    href: `/customers/${customer.id}`,
  };
}

/** Places by their words; nothing for an amount or an act, which is no place. */
const screens = (person: Person, { name, minors, acts: asked }: Understood): SearchItem[] =>
  name === '' && minors.length + asked.length > 0
    ? []
    : screensNamed(name)
        .filter(({ right }) => right === undefined || holds(person.roles, right))
        .map(({ label, detail, href }) => ({
          id: `screen-${href}`,
          kind: 'screen',
          title: label,
          detail,
          href,
        }));
