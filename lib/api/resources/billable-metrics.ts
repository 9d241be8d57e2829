import { z } from 'zod';
import { Exact } from '@/lib/billing/money/exact';
import { createMetric } from '@/lib/commands/billable-metrics/create';
import { deleteMetric } from '@/lib/commands/billable-metrics/delete';
import { findMetric } from '@/lib/commands/billable-metrics/find';
import { updateMetric } from '@/lib/commands/billable-metrics/update';
import { loosely, parseInput } from '@/lib/commands/core/fields';
import { listMetrics } from '@/lib/queries/api/catalogue';
import { evaluateExpression, parseExpression } from '@/lib/usage/expression';
import { readTimestamp } from '@/lib/usage/incoming';
import { bare, body } from '../about.ts';
import type { Door } from '../environment.ts';
import { unprocessable } from '../errors.ts';
import { isObject, type JsonObject } from '../request.ts';
import { get, post, put, remove } from '../routes.ts';
import { metricSchema, metricWire } from '../serializers/billable-metric.ts';
import { dec } from '../wire.ts';
import { is, one, page } from '../wire-schema.ts';
import { listed } from './listing.ts';

const metric = one('billable_metric', metricSchema);

const answer = (row: Parameters<typeof metricWire>[0], counters = true) => ({
  billable_metric: metricWire(row, { counters }),
});

const expressionInput = z.object({
  expression: z
    .string({ error: 'value_is_mandatory' })
    .refine((text) => text.trim() !== '', { error: 'value_is_mandatory' }),
  event: z.object(
    {
      code: loosely({ type: 'string' }),
      timestamp: loosely({ type: ['number', 'string'], description: 'Epoch seconds.' }),
      properties: loosely({ type: 'object' }),
    },
    { error: 'invalid_event' },
  ),
});

/** `expression` over `event`, without a root member (API contract 2.1). */
function evaluated(given: JsonObject) {
  const { expression } = parseInput(expressionInput.pick({ expression: true }), given);
  const node = parseExpression(expression);
  if (!node) throw unprocessable({ expression: ['invalid_expression'] });
  const { event } = parseInput(expressionInput.pick({ event: true }), given);
  const milliseconds = readTimestamp(event.timestamp ?? 0);
  const value = evaluateExpression(node, {
    code: String(event.code ?? ''),
    timestamp: Exact.of(milliseconds ?? 0)
      .pow10(-3)
      .toDecimalString(3),
    properties: isObject(event.properties) ? event.properties : {},
  });
  if (value === null) throw unprocessable({ event: ['invalid_event'] });
  return { expression_result: { value: Exact.parse(value) ? dec(value) : value } };
}

/** Billable metrics (API contract 2.1). */
export function billableMetrics(door: Door): void {
  post(
    door,
    '/billable_metrics/evaluate_expression',
    { answers: one('expression_result', z.object({ value: is.str })), takes: bare(expressionInput) },
    async (request) => evaluated(await request.body()),
  );
  post(
    door,
    '/billable_metrics',
    { answers: metric, takes: body('billable_metric', createMetric.input) },
    async (request) => answer(await request.run(createMetric, await request.attributes('billable_metric'))),
  );
  get(door, '/billable_metrics', { answers: page('billable_metrics', metricSchema) }, async (request) => {
    const metrics = await request.read((tx) => listMetrics(tx, request.organizationId, request.page));
    return listed(request, 'billable_metrics', metrics, (row) => metricWire(row, { counters: true }));
  });
  get(door, '/billable_metrics/:code', { answers: metric }, async (request) =>
    answer(await request.read((tx) => findMetric(tx, request.organizationId, request.param('code'))), false),
  );
  put(
    door,
    '/billable_metrics/:code',
    { answers: metric, takes: body('billable_metric', updateMetric.input, { member: 'changes' }) },
    async (request) => {
      const changes = await request.attributes('billable_metric');
      return answer(await request.run(updateMetric, { code: request.param('code'), changes }));
    },
  );
  remove(door, '/billable_metrics/:code', { answers: metric }, async (request) =>
    answer(await request.run(deleteMetric, { code: request.param('code') })),
  );
}
