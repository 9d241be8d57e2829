import { and, desc, eq, gte, isNull, ne, notExists, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { auditRows } from '@/db/schema';
import type { CommandContext } from '../core/command';
import type { TwinWarning } from './types';

const ONE_HOUR = 3_600_000;

/** The same act on the same customer in the last hour, not taken back: to be acknowledged before doing it again. */
export async function findTwin(
  ctx: CommandContext,
  command: string,
  customerId: string | null,
  except?: string,
): Promise<TwinWarning | null> {
  if (!customerId) return null;
  const undo = alias(auditRows, 'undo');
  const [row] = await ctx.tx
    .select()
    .from(auditRows)
    .where(
      and(
        eq(auditRows.organizationId, ctx.organizationId),
        eq(auditRows.customerId, customerId),
        eq(auditRows.command, command),
        isNull(auditRows.undoesId),
        ...(except ? [ne(auditRows.id, except)] : []),
        gte(auditRows.occurredAt, new Date(ctx.now - ONE_HOUR)),
        notExists(
          ctx.tx
            .select({ one: sql`1` })
            .from(undo)
            .where(and(eq(undo.organizationId, auditRows.organizationId), eq(undo.undoesId, auditRows.id))),
        ),
      ),
    )
    .orderBy(desc(auditRows.occurredAt))
    .limit(1);
  if (!row) return null;
  return {
    auditRowId: row.id,
    actorName: row.actorName,
    own: ctx.actor.type === 'person' && row.actorId === ctx.actor.id,
    title: row.title,
    reasonCode: row.reasonCode,
    at: row.occurredAt.getTime(),
  };
}
