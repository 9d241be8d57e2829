import { sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { Exact } from '@/lib/billing/money/exact';
import { textArray } from './arrays.ts';
import { type ExpressionNode, evaluateExpression, parseExpression } from './expression.ts';
import type { IncomingEvent } from './incoming.ts';

interface Expression {
  fieldName: string;
  node: ExpressionNode | null;
}

/** Expressions of metrics, by organisation and code. */
export type Expressions = ReadonlyMap<string, Expression>;

const keyOf = (organizationId: string, code: string): string => `${organizationId}${code}`;

/**
 * Expressions of the metrics these events are for. The same statement gives this transaction its id, before any event
 * takes its place in the sequence: rollup folding relies on that order (see fold.ts).
 */
export async function loadExpressions(
  tx: Tx,
  organizationIds: readonly string[],
  codes: readonly string[],
): Promise<Expressions> {
  const rows = await tx.execute<{
    organization_id: string;
    code: string | null;
    expression: string;
    field_name: string;
  }>(sql`
    select m.organization_id, m.code, m.expression, m.field_name
    from (select pg_current_xact_id()) as this_transaction
    left join billable_metrics m on m.organization_id = any(${textArray(organizationIds)}::uuid[])
      and m.deleted_at is null and m.expression <> '' and m.field_name <> ''
      and m.code = any(${textArray(codes)}::text[])`);
  const expressions = new Map<string, Expression>();
  for (const { organization_id, code, expression, field_name } of rows) {
    if (code === null) continue;
    expressions.set(keyOf(organization_id, code), {
      fieldName: field_name,
      node: parseExpression(expression),
    });
  }
  return expressions;
}

/** The event's properties with its metric's expression worked out into the metric's field; null when that fails. */
export function evaluated(
  expressions: Expressions,
  organizationId: string,
  event: IncomingEvent,
  timestamp: number,
): Record<string, unknown> | null {
  if (expressions.size === 0) return event.properties;
  const expression = expressions.get(keyOf(organizationId, event.code));
  if (!expression) return event.properties;
  const { fieldName, node } = expression;
  const value =
    node &&
    evaluateExpression(node, {
      code: event.code,
      timestamp: Exact.of(timestamp).pow10(-3).toDecimalString(3),
      properties: event.properties,
    });
  return value === null ? null : { ...event.properties, [fieldName]: value };
}
