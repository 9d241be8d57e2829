import { and, eq } from 'drizzle-orm';
import type { Databases } from '@/db/clients';
import { approvalRequests } from '@/db/schema';
import { withTenant } from '@/db/tenancy';
import type { Caller } from '../preview/preview';
import { previewCommand } from '../preview/preview';
import type { PreviewAnswer } from '../preview/types';

/**
 * What a request would do now, worked out afresh for somebody who may decide; its token approves exactly this. A request
 * that is gone or cannot be done any more answers why.
 */
export async function freshFigures(
  databases: Databases,
  caller: Caller,
  approvalId: string,
): Promise<PreviewAnswer> {
  const { organizationId } = caller;
  const [row] = await withTenant(databases, organizationId, (tx) =>
    tx
      .select({ command: approvalRequests.command, input: approvalRequests.input })
      .from(approvalRequests)
      .where(and(eq(approvalRequests.organizationId, organizationId), eq(approvalRequests.id, approvalId))),
  );
  if (!row) return { ok: false, kind: 'not_found', message: 'This request is gone.', fields: {} };
  return previewCommand(databases, row.command, { ...caller, input: row.input });
}
