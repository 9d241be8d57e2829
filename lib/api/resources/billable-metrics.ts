import { Exact } from '@/lib/billing/money/exact';
import { createMetric } from '@/lib/commands/billable-metrics/create';
import { deleteMetric } from '@/lib/commands/billable-metrics/delete';
import { findMetric } from '@/lib/commands/billable-metrics/find';
import { updateMetric } from '@/lib/commands/billable-metrics/update';
import { listMetrics } from '@/lib/queries/api/catalogue';
import { evaluateExpression, parseExpression } from '@/lib/usage/expression';
import { readTimestamp } from '@/lib/usage/incoming';
import type { Door } from '../environment.ts';
import { unprocessable } from '../errors.ts';
import { isObject, type JsonObject } from '../request.ts';
import { get, post, put, remove } from '../routes.ts';
import { metricWire } from '../serializers/billable-metric.ts';
import { dec } from '../wire.ts';
import { listed } from './listing.ts';

const answer = (metric: Parameters<typeof metricWire>[0], counters = true) => ({
  billable_metric: metricWire(metric, { counters }),
});

/** `expression` over `event`, without a root member (API contract 2.1). */
function evaluated(body: JsonObject) {
  const { expression, event } = body;
  if (typeof expression !== 'string' || expression.trim() === '') {
    throw unprocessable({ expression: ['value_is_mandatory'] });
  }
  const node = parseExpression(expression);
  if (!node) throw unprocessable({ expression: ['invalid_expression'] });
  if (!isObject(event)) throw unprocessable({ event: ['invalid_event'] });
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
  post(door, '/billable_metrics/evaluate_expression', async (request) => evaluated(await request.body()));
  post(door, '/billable_metrics', async (request) =>
    answer(await request.run(createMetric, await request.attributes('billable_metric'))),
  );
  get(door, '/billable_metrics', async (request) => {
    const metrics = await request.read((tx) => listMetrics(tx, request.organizationId, request.page));
    return listed(request, 'billable_metrics', metrics, (metric) => metricWire(metric, { counters: true }));
  });
  get(door, '/billable_metrics/:code', async (request) =>
    answer(await request.read((tx) => findMetric(tx, request.organizationId, request.param('code'))), false),
  );
  put(door, '/billable_metrics/:code', async (request) => {
    const changes = await request.attributes('billable_metric');
    return answer(await request.run(updateMetric, { code: request.param('code'), changes }));
  });
  remove(door, '/billable_metrics/:code', async (request) =>
    answer(await request.run(deleteMetric, { code: request.param('code') })),
  );
}
