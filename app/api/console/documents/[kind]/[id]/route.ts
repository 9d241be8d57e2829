import { databases } from '@/db/process';
import { documentAnswer } from '@/lib/api/documents';
import { currentPerson } from '@/lib/auth/current';
import { holds } from '@/lib/auth/rights';
import { isUuid } from '@/lib/commands/core/fields';

const KINDS = { invoices: 'invoice', 'credit-notes': 'credit_note' } as const;

/** The PDF of an issued invoice or credit note, for a signed-in person of its organisation. */
export async function GET(
  _request: Request,
  { params }: { params: Promise<{ kind: string; id: string }> },
): Promise<Response> {
  const person = await currentPerson();
  if (!person) return new Response('Sign in first.', { status: 401 });
  if (!holds(person.roles, 'invoices.read')) {
    return new Response('Your role does not allow this.', { status: 403 });
  }
  const { kind, id } = await params;
  const known = Object.hasOwn(KINDS, kind) ? KINDS[kind as keyof typeof KINDS] : null;
  const answer =
    known && isUuid(id)
      ? await documentAnswer(databases(), person.organizationId, { kind: known, id }, 'attachment')
      : null;
  return answer ?? new Response('There is no such document. Drafts have none yet.', { status: 404 });
}
