import { Exact } from '@/lib/billing/money/exact';
import { type ExpressionNode, evaluateExpression, parseExpression } from './expression.ts';
import type { IncomingEvent } from './incoming.ts';

interface Expression {
  fieldName: string;
  node: ExpressionNode | null;
}

/** Expressions of metrics, by organisation and code. */
export type Expressions = ReadonlyMap<string, Expression>;

const keyOf = (organizationId: string, code: string): string => `${organizationId}${code}`;

export interface ExpressionRow {
  organization_id: string;
  code: string;
  expression: string;
  field_name: string;
}

/** Expressions as metrics keep them, read. */
export function expressionsOf(rows: readonly ExpressionRow[]): Expressions {
  return new Map(
    rows.map(({ organization_id, code, expression, field_name }) => [
      keyOf(organization_id, code),
      { fieldName: field_name, node: parseExpression(expression) },
    ]),
  );
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
