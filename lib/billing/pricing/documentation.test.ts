import { expect, it } from 'vitest';
import { aggregations } from '../metering/registry.ts';
import type { PropertyField } from './model.ts';
import { CHARGE_MODEL_NAMES, chargeModels } from './registry.ts';

/** docs/charge-models.md is written from the registries; `--update` writes it anew. */

const KINDS = {
  unit_price: 'decimal, price per unit',
  amount: 'decimal, amount of money',
  percent: 'decimal, percent',
  quantity: 'decimal, units',
  count: 'whole number',
} as const;

function typeOf(field: PropertyField): string {
  if (field.kind === 'steps') return `list of \`{from_value, to_value, ${field.rate.name}, flat_amount}\``;
  return `${KINDS[field.kind]}${field.atLeast ? `, at least ${field.atLeast}` : ''}`;
}

const isOptional = (field: PropertyField): boolean => field.kind !== 'steps' && Boolean(field.optional);

const modelText = (name: keyof typeof chargeModels): string => {
  const { label, about, fields, mayPayInAdvance, mayProrate, refuses } = chargeModels[name];
  const fitting = Object.keys(aggregations).filter((aggregation) => !refuses?.(aggregation));
  const rows = fields.map(
    (field) =>
      `| \`${field.name}\` | ${typeOf(field)} | ${isOptional(field) ? 'no' : 'yes'} | ${field.label}. ${field.about} |`,
  );
  const table =
    rows.length === 0
      ? 'It has no properties.'
      : ['| property | type | required | what it is |', '| --- | --- | --- | --- |', ...rows].join('\n');
  const prorated = { always: 'yes', in_arrears: 'in arrears', never: 'no' }[mayProrate];
  return `### \`${name}\` (${label})

${about}

${table}

Prices: ${fitting.map((one) => `\`${one}\``).join(', ')}. Billed event by event: ${mayPayInAdvance ? 'yes' : 'no'}. By days held: ${prorated}.
`;
};

const aggregationText = Object.entries(aggregations).map(
  ([name, { label, about, needsField, mayRecur, mayPayInAdvance }]) =>
    `| \`${name}\` | ${label} | ${about} | ${needsField ? 'yes' : 'no'} | ${mayRecur ? 'yes' : 'no'} | ${mayPayInAdvance ? 'yes' : 'no'} |`,
);

const text = `# Charge models and aggregations

This page is written from the engine's registries by a test, so it cannot fall behind them.

## Adding one

A charge model is one new file in \`lib/billing/pricing/\` and one line in its \`registry.ts\`. The file says the model's
\`label\`, a sentence \`about\` it, its \`fields\` (name, kind, label, what it is), what it may be combined with, and
\`price\`, which returns rows whose amounts add up to the price. From the registry follow: the name in the API's checks,
the checks of its properties with their error codes, what a charge costs before anybody said, the form in the plan
builder with its calculator, the working on the invoice, and this page. A nicer sentence for the price list goes into
\`components/features/price-words.ts\`, one for the invoice into \`lib/billing/explain/sentences.ts\`; without them both
fall back to the fields and the rows.

An aggregation is one new file in \`lib/billing/metering/\` and one line in its \`registry.ts\`. If its value can be merged
from parts it says so (\`mergeable\`), and hourly rollups serve it; otherwise the events of the period are read.

Prove it with a table test that reads as a price list (\`pricing.test.ts\`, \`metering.test.ts\`), add it to the random
bills in \`lib/billing/testing/model/cases/\` with a second, slower way to compute it beside, and write this page anew
with \`npx vitest run lib/billing/pricing/documentation.test.ts --update\`.

## Charge models

${CHARGE_MODEL_NAMES.map(modelText).join('\n')}
## Aggregations

| name | called | what it does | needs a field | may carry over | event by event |
| --- | --- | --- | --- | --- | --- |
${aggregationText.join('\n')}
`;

it('the page on charge models says what the registries say', async () => {
  await expect(text).toMatchFileSnapshot('../../../docs/charge-models.md');
});
