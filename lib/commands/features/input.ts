import { z } from 'zod';
import { PRIVILEGE_TYPES, type Privilege, type PrivilegeValue } from '@/db/schema';
import { invalid } from '@/lib/schedule/errors';
import { codeOfIssue, identifier, optionalText, text } from '../core/fields.ts';

/** Features as the wire sends them (API contract 2.6). Privileges are read by `readPrivileges`: their errors are dotted. */
export const featureChanges = z.object({
  name: optionalText(255),
  description: optionalText(600),
  privileges: z.array(z.unknown(), { error: 'must_be_an_array' }).nullish(),
});

export const featureInput = featureChanges.extend({ code: text(255) });

const privilegeInput = z.object({
  code: text(255),
  name: optionalText(255),
  value_type: z.enum(PRIVILEGE_TYPES, { error: 'value_is_invalid' }).nullish(),
  config: z.object({ select_options: z.array(text(), { error: 'must_be_an_array' }).nullish() }).nullish(),
});

/**
 * The privileges a feature holds after `given` was merged into `present` by code: words change, options are added, and a
 * privilege's kind of value stays. Throws invalid under `privilege.<member>`.
 */
export function readPrivileges(given: unknown[], present: Privilege[] = []): Privilege[] {
  const merged = new Map(present.map((privilege) => [privilege.code, privilege]));
  const named = new Set<string>();
  for (const one of given) {
    const parsed = privilegeInput.safeParse(one);
    if (!parsed.success) {
      return invalid(
        Object.fromEntries(
          parsed.error.issues.map((issue) => [
            `privilege.${String(issue.path[0] ?? 'code')}`,
            [codeOfIssue(issue)],
          ]),
        ),
      );
    }
    const { code, name, value_type, config } = parsed.data;
    if (named.has(code)) return invalid({ 'privilege.code': ['value_is_duplicated'] });
    named.add(code);
    const before = merged.get(code);
    const valueType = before?.valueType ?? value_type ?? 'string';
    const options = [...(before?.selectOptions ?? []), ...(config?.select_options ?? [])];
    const selectOptions = valueType === 'select' ? [...new Set(options)] : null;
    if (selectOptions?.length === 0) return invalid({ 'privilege.config': ['value_is_mandatory'] });
    merged.set(code, {
      code,
      name: name === undefined ? (before?.name ?? null) : name,
      valueType,
      selectOptions,
    });
  }
  return [...merged.values()];
}

/** `{feature: {privilege: value}}`, or null instead of the inner map for a feature without values. */
export const entitlementsInput = z.record(
  z.string(),
  z.record(z.string(), z.unknown(), { error: 'value_is_invalid' }).nullable(),
  { error: 'value_is_invalid' },
);
export type EntitlementsInput = z.infer<typeof entitlementsInput>;

export const planEntitlement = z.object({
  plan_code: identifier(),
  feature_code: identifier(),
  privilege_code: identifier().nullish(),
});

/** A value of the kind a privilege holds; numbers and booleans may come as text. Throws invalid `privilege.value`. */
export function privilegeValue(privilege: Privilege, value: unknown): PrivilegeValue {
  const read = readValue(privilege, value);
  return read === null ? invalid({ 'privilege.value': ['value_is_invalid'] }) : read;
}

function readValue({ valueType, selectOptions }: Privilege, value: unknown): PrivilegeValue | null {
  switch (valueType) {
    case 'integer': {
      const number = typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
      return typeof number === 'number' && Number.isSafeInteger(number) ? number : null;
    }
    case 'boolean':
      if (value === true || value === 'true') return true;
      return value === false || value === 'false' ? false : null;
    case 'select':
      return typeof value === 'string' && selectOptions?.includes(value) ? value : null;
    case 'string':
      return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
  }
}
