import type { ChargeModel, ChargeProperties, NumberField, PropertyErrors, PropertyField } from './model.ts';
import { addError, checkDecimal, checkInteger } from './properties.ts';
import { validateTiers } from './tiers.ts';

/** What follows from a charge model's fields: its checks, and what it costs before anybody said. */

const codeOf = ({ name, code }: NumberField): string => code ?? `invalid_${name}`;

function checkField(errors: PropertyErrors, properties: ChargeProperties, field: PropertyField): void {
  if (field.kind === 'steps') {
    Object.assign(errors, validateTiers(properties, field));
    return;
  }
  const check = field.optional ? 'optional' : 'required';
  if (field.kind === 'count') {
    checkInteger(errors, properties, field.name, codeOf(field), { check, atLeast: field.atLeast });
  } else checkDecimal(errors, properties, field.name, codeOf(field), check);
}

const isKey = (value: unknown): boolean => typeof value === 'string' && value !== '';
const isShownKey = (value: unknown): boolean =>
  isKey(value) || (typeof value === 'object' && value !== null && 'value' in value && isKey(value.value));

/** The keys that split usage are lists of names; those that only split what is shown may be `{value}` (semantics 6.8). */
function checkKeys(errors: PropertyErrors, properties: ChargeProperties): void {
  for (const [name, isOne] of [
    ['pricing_group_keys', isKey],
    ['grouped_by', isKey],
    ['presentation_group_keys', isShownKey],
  ] as const) {
    const keys = properties[name] ?? [];
    if (!Array.isArray(keys) || !keys.every(isOne)) addError(errors, name, 'invalid_type');
  }
}

/** Field → Lago's codes; empty when the properties may be saved. */
export function validateProperties(
  { fields, check }: Pick<ChargeModel, 'fields' | 'check'>,
  properties: ChargeProperties,
): PropertyErrors {
  const errors: PropertyErrors = {};
  for (const field of fields) checkField(errors, properties, field);
  checkKeys(errors, properties);
  return Object.keys(errors).length > 0 ? errors : { ...check?.(properties) };
}

/** Properties that charge nothing: what a charge costs when nobody said. */
export function freeProperties({ fields }: Pick<ChargeModel, 'fields'>): Record<string, unknown> {
  const given = fields.filter((field) => field.kind === 'steps' || !field.optional);
  return Object.fromEntries(
    given.map((field) => {
      if (field.kind === 'steps') {
        return [field.name, [{ from_value: 0, to_value: null, flat_amount: '0', [field.rate.name]: '0' }]];
      }
      return [field.name, field.kind === 'count' ? (field.atLeast ?? 0) : '0'];
    }),
  );
}
