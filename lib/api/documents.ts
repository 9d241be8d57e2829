import type { Databases } from '@/db/clients';
import { drawDocument } from '@/lib/adapters/documents/draw';
import { openDocumentLink } from '@/lib/auth/document-links';
import { type DocumentRef, makeDocument } from '@/lib/commands/documents/make';

/** Whether a browser shows the file or saves it. */
export type Disposition = 'inline' | 'attachment';

/** The PDF of an issued invoice or credit note of the caller's organisation; null where there is none. */
export async function documentAnswer(
  databases: Databases,
  organizationId: string,
  ref: DocumentRef,
  disposition: Disposition,
): Promise<Response | null> {
  const made = await makeDocument(databases, organizationId, ref);
  if (!made) return null;
  const file = await drawDocument(made.description, made.cancelled);
  const name = made.description.number.replace(/[^\w.-]+/g, '-');
  return new Response(new Uint8Array(file), {
    headers: {
      'content-type': 'application/pdf',
      'content-length': String(file.length),
      'content-disposition': `${disposition}; filename="${name}.pdf"`,
      'cache-control': 'private, no-cache',
      'x-content-type-options': 'nosniff',
      'x-robots-tag': 'noindex',
      'referrer-policy': 'no-referrer',
    },
  });
}

/**
 * The PDF a link opens, for whoever holds the link: the link itself is the credential, and names organisation and document
 * under a MAC. `now` is epoch milliseconds, real time.
 */
export async function openFile(databases: Databases, token: string, now: number): Promise<Response> {
  const link = openDocumentLink(token, now);
  if (link === 'unknown') {
    return said(404, 'This link opens nothing. It is incomplete or was changed: ask for a new one.');
  }
  if (link === 'expired') return said(410, 'This link has run out. Ask for a new one.');
  const answer = await documentAnswer(databases, link.organizationId, link, 'inline');
  return answer ?? said(404, 'There is no such document any more.');
}

const said = (status: number, words: string): Response =>
  new Response(`${words}\n`, {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  });
