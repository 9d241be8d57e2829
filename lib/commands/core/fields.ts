import { z } from 'zod';
import { isCurrency } from '@/lib/billing/money/currency';
import { Exact } from '@/lib/billing/money/exact';
import { invalid } from '@/lib/schedule/errors';

/**
 * Building blocks of command inputs. Their messages are Lago's 422 codes, and they take what Lago takes: numbers for
 * text, numeric text for numbers. Parsing what they answered gives the same again, so an input may be checked twice.
 */
type Missing = 'value_is_mandatory' | 'value_is_invalid' | 'invalid_value';

const codeOf =
  (missing: Missing, wrong: string) =>
  ({ input }: { input?: unknown }) =>
    input === undefined || input === null || input === '' ? missing : wrong;

function asText(value: unknown): unknown {
  return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint'
    ? String(value)
    : value;
}

/** How the OpenAPI document shows what a validator takes, where its own type says something else. */
function shown<T extends z.ZodType>(validator: T, wire: Record<string, unknown>): T {
  return validator.meta({ wire });
}

/** A member that nothing is refused for; `wire` says what it is meant to be. */
export function loosely(wire: Record<string, unknown>) {
  return shown(z.unknown(), wire).optional();
}

/** Text that must be there. */
export function text(most = 10_000) {
  return z.preprocess(
    asText,
    z
      .string({ error: codeOf('value_is_mandatory', 'value_is_invalid') })
      .refine((value) => value.trim() !== '', { error: 'value_is_mandatory' })
      .max(most, { error: 'value_is_too_long' }),
  );
}

/** Text that may be left out or cleared with null. */
export function optionalText(most = 10_000) {
  return z
    .preprocess(
      asText,
      z.string({ error: 'value_is_invalid' }).max(most, { error: 'value_is_too_long' }).nullable(),
    )
    .optional();
}

const TRUE = new Set<unknown>([true, 'true', 1, '1']);
const FALSE = new Set<unknown>([false, 'false', 0, '0']);

export function flag() {
  return z.preprocess(
    (value) => (TRUE.has(value) ? true : FALSE.has(value) ? false : value),
    z.boolean({ error: codeOf('value_is_mandatory', 'value_is_invalid') }),
  );
}

export function optionalFlag() {
  return flag().nullish();
}

const INTEGER = /^-?\d+$/;

function asBigInt(value: unknown): unknown {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  if (typeof value === 'string' && INTEGER.test(value)) return BigInt(value);
  return value;
}

/** Minor units of a currency: an integer, never negative (`negative` is the code then, `wrong` that of no integer). */
export function minorUnits(
  missing: Missing = 'value_is_mandatory',
  negative = 'value_is_out_of_range',
  wrong = 'value_is_invalid',
) {
  return shown(
    z.preprocess(asBigInt, z.bigint({ error: codeOf(missing, wrong) }).min(0n, { error: negative })),
    { type: 'integer', format: 'int64', minimum: 0, description: 'Minor units of the currency.' },
  );
}

export function optionalMinorUnits() {
  return minorUnits().nullish();
}

/** A whole number within bounds. */
export function integer(least = 0, most = 2_147_483_647) {
  return z.preprocess(
    (value) => (typeof value === 'string' && INTEGER.test(value) ? Number(value) : value),
    z
      .int({ error: codeOf('value_is_mandatory', 'value_is_invalid') })
      .min(least, { error: 'value_is_out_of_range' })
      .max(most, { error: 'value_is_out_of_range' }),
  );
}

/** A JSON number or decimal text as plain decimal text; null when it is neither. */
export function decimalText(value: unknown): string | null {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) return null;
    const plain = String(value);
    if (Exact.parse(plain)) return plain;
    const match = /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(plain);
    if (!match) return null;
    const [, sign, whole, fraction = '', power] = match;
    return Exact.of(BigInt(`${sign}${whole}${fraction}`))
      .pow10(Number(power) - fraction.length)
      .toString();
  }
  return typeof value === 'string' && Exact.parse(value.trim()) ? value.trim() : null;
}

/** A decimal number, sent as text or number, kept as text; never a float. */
export function decimal(missing: Missing = 'value_is_mandatory', wrong = 'value_is_invalid') {
  return shown(
    z.preprocess(
      (value) => decimalText(value) ?? value,
      z
        .string({ error: codeOf(missing, wrong) })
        .refine((value) => Exact.parse(value) !== null, { error: codeOf(missing, wrong) }),
    ),
    { type: ['string', 'number'], description: 'A decimal number, exact as text.' },
  );
}

export function optionalDecimal(wrong = 'value_is_invalid') {
  return decimal('value_is_mandatory', wrong).nullish();
}

export function currency(missing: Missing = 'value_is_invalid') {
  return z
    .string({ error: codeOf(missing, 'value_is_invalid') })
    .refine(isCurrency, { error: codeOf(missing, 'value_is_invalid') });
}

/** One of a closed list; missing counts as invalid, as Lago answers it. */
export function oneOf<const T extends readonly string[]>(values: T, missing: Missing = 'value_is_invalid') {
  return z.enum(values, { error: codeOf(missing, 'value_is_invalid') });
}

const ISO_INSTANT =
  /^(\d{4}-\d{2}-(\d{2}))(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(?: ?(Z|UTC|[+-]\d{2}(?::?\d{2})?))?)?$/i;

/** Epoch milliseconds of an ISO 8601 date or instant, UTC where it names no zone; null for anything else. */
function isoInstant(text: string): number | null {
  const [, date, day, time = '00:00', zone = 'Z'] = ISO_INSTANT.exec(text.trim()) ?? [];
  if (!date || new Date(`${date}T00:00:00Z`).getUTCDate() !== Number(day)) return null;
  const [hours, minutes = '00'] = zone.match(/[+-]?\d{2}/g) ?? [];
  const at = Date.parse(`${date}T${time}${hours ? `${hours}:${minutes}` : 'Z'}`);
  return Number.isNaN(at) ? null : at;
}

/** An instant read before is above this; below it somebody sent seconds. */
const EARLIEST_MILLISECONDS = 100_000_000_000;

/** An ISO 8601 instant as epoch milliseconds. */
export function instant(wrong = 'invalid_date') {
  return shown(
    z.preprocess(
      (value) => (typeof value === 'string' ? (isoInstant(value) ?? value) : value),
      z.int({ error: wrong }).min(EARLIEST_MILLISECONDS, { error: wrong }),
    ),
    { type: 'string', description: 'An ISO 8601 instant or date.' },
  );
}

export function codes() {
  return z.array(text(), { error: 'must_be_an_array' });
}

export function identifier(missing: Missing = 'value_is_mandatory') {
  return z.string({ error: codeOf(missing, 'value_is_invalid') });
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function isUuid(value: string): boolean {
  return UUID.test(value);
}

/** The validator's own sentences, where a schema gave no code: which kind of value was wanted. */
const OWN_WORDS = /^(Invalid|Too|Unrecognized)\b/;

/** The code an issue is told by. */
export function codeOfIssue({ message }: z.core.$ZodIssue): string {
  if (!OWN_WORDS.test(message)) return message;
  if (message.startsWith('Invalid input: expected array')) return 'must_be_an_array';
  return message.startsWith('Invalid input') ? 'invalid_type' : 'value_is_invalid';
}

/** Issues by the innermost named field, without repeating a code: `{field: [codes]}`. */
export function fieldErrors(issues: readonly z.core.$ZodIssue[]): Record<string, string[]> {
  const fields: Record<string, string[]> = {};
  for (const issue of issues) {
    const named = [...issue.path].reverse().find((part) => typeof part === 'string') ?? 'base';
    const field = String(named);
    const code = codeOfIssue(issue);
    const codesOfField = fields[field] ?? [];
    if (!codesOfField.includes(code)) fields[field] = [...codesOfField, code];
  }
  return fields;
}

/** Reads `value` by a schema of these blocks. Throws invalid with field codes. */
export function parseInput<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  return parsed.success ? parsed.data : invalid(fieldErrors(parsed.error.issues));
}
