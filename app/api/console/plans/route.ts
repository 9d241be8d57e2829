import { databases } from '@/db/process';
import { withTenant } from '@/db/tenancy';
import { currentPerson } from '@/lib/auth/current';
import { holds } from '@/lib/auth/rights';
import { plansToStart } from '@/lib/queries/console/customer';

/** The plans a customer may be started on, by words in their name or code; those in `currency` come first. */
export async function GET(asked: Request): Promise<Response> {
  const person = await currentPerson();
  if (!person) return Response.json({ plans: [], more: false }, { status: 401 });
  if (!holds(person.roles, 'subscriptions.write')) {
    return Response.json({ plans: [], more: false }, { status: 403 });
  }
  const { searchParams } = new URL(asked.url);
  const words = (searchParams.get('q') ?? '').trim().slice(0, 100);
  const found = await withTenant(
    databases(),
    person.organizationId,
    (tx) => plansToStart(tx, person.organizationId, { words, currency: searchParams.get('currency') }),
    { readOnly: true, statementTimeoutMs: 3_000 },
  );
  return Response.json(found, { headers: { 'cache-control': 'no-store' } });
}
