import type { DocumentKind } from '@/db/schema';
import { documentUrl } from '@/lib/auth/document-links';

interface Issued {
  organizationId: string;
  id: string;
  status: string;
}

/** What `file_url` answers: a link that opens the PDF without a key; null while there is nothing to open. */
export function fileUrl(kind: DocumentKind, { organizationId, id, status }: Issued): string | null {
  const issued = status === 'finalized' || status === 'voided';
  return issued ? documentUrl({ kind, organizationId, id }, Date.now()) : null;
}
