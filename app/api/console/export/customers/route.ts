import { csvAnswer, decimal, isoInstant } from '@/app/(console)/_list/csv';
import { readingFor } from '@/app/(console)/_reading/tenant';
import { customerFilter } from '@/app/(console)/customers/_list/filter';
import { currentPerson } from '@/lib/auth/current';
import { type CustomerRow, customersPage } from '@/lib/queries/console/customers';
import { matchingCustomers } from '@/lib/queries/console/matching-customers';

const ROWS_AT_ONCE = 500;

/** The customers of a list's filter as a file. */
export async function GET(asked: Request): Promise<Response> {
  const person = await currentPerson();
  if (!person) return new Response('Sign in first.', { status: 401 });
  const filter = customerFilter(Object.fromEntries(new URL(asked.url).searchParams));
  return csvAnswer<CustomerRow>({
    name: 'customers',
    columns: [
      ['id', (row) => row.id],
      ['name', (row) => row.name],
      ['plan', (row) => row.planName],
      ['status', (row) => row.status],
      ['trial_ends_at', (row) => isoInstant(row.trialEndsAt)],
      ['ended_at', (row) => isoInstant(row.endedAt)],
      ['currency', (row) => row.currency],
      ['mrr', (row) => (row.status === 'paying' ? decimal(row.mrrMinor, row.currency) : null)],
      ['next_bill_at', (row) => isoInstant(row.nextBillAt)],
      ['owes', (row) => decimal(row.owesMinor, row.currency)],
      ['payment_late', (row) => (row.failed ? 'yes' : 'no')],
      ['credits_left', (row) => decimal(row.creditsMinor, row.currency)],
      ['timezone', (row) => row.timezone],
      ['created_at', (row) => isoInstant(row.createdAt)],
    ],
    page: (after) =>
      readingFor(person, async ({ tx, organizationId, now }) => {
        const matching = await matchingCustomers(tx, filter.search);
        return customersPage(tx, organizationId, filter, matching, now, after, ROWS_AT_ONCE);
      }),
  });
}
