import { z } from 'zod';
import type { Takes } from '../about.ts';

export type JsonSchema = Record<string, unknown>;

/** Named schemas found so far, and what each validator came to: routes share many. */
export interface Schemas {
  components: Record<string, JsonSchema>;
  known: Map<z.ZodType, JsonSchema>;
}

/**
 * The JSON Schema of a validator. Text that is read as a number and the like is described by what it is meant to be; what
 * a validator says of itself (`wire`) goes before what zod makes of it. Unknown members are dropped unless the validator
 * refuses them, so no other object is closed. Named schemas are referred to and put into `components`.
 */
export function schemaOf(validator: z.ZodType, schemas: Schemas): JsonSchema {
  const known = schemas.known.get(validator) ?? convert(validator, schemas.components);
  schemas.known.set(validator, known);
  return known;
}

function convert(validator: z.ZodType, components: Record<string, JsonSchema>): JsonSchema {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(validator, {
    io: 'output',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const { def } = zodSchema._zod;
      if (def.type === 'bigint') jsonSchema.type = 'integer';
      if (def.type === 'object' && def.catchall?._zod.def.type !== 'never') {
        delete jsonSchema.additionalProperties;
      }
    },
  });
  const { $defs = {}, ...own } = schema as JsonSchema & { $defs?: Record<string, JsonSchema> };
  for (const [name, { id: _name, ...found }] of Object.entries($defs)) {
    components[name] ??= adapted(found) as JsonSchema;
  }
  return adapted(own) as JsonSchema;
}

/** The words of `properties` are names, not keywords: only what stands under them is adapted. */
function adapted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(adapted);
  if (typeof value !== 'object' || value === null) return value;
  const { wire, properties, ...schema } = value as JsonSchema;
  if (wire) return { ...wire, ...('default' in schema ? { default: schema.default } : {}) };
  if (typeof schema.$ref === 'string')
    return { $ref: schema.$ref.replace('#/$defs/', '#/components/schemas/') };
  const inner = Object.entries(schema).filter(([name, one]) => !isSaidByItsType(name, one));
  const found: JsonSchema = Object.fromEntries(inner.map(([name, one]) => [name, adapted(one)]));
  if (properties) {
    const members = Object.entries(properties).map(([name, one]) => [name, adapted(one)]);
    found.properties = Object.fromEntries(members);
  }
  return withoutDefaults(withNull(found));
}

function isSaidByItsType(name: string, value: unknown): boolean {
  const safest: Record<string, unknown> = {
    minimum: Number.MIN_SAFE_INTEGER,
    maximum: Number.MAX_SAFE_INTEGER,
  };
  return name === 'propertyNames' || safest[name] === value;
}

/** `{type: X}` or null as one type of two, which reads better. */
function withNull(schema: JsonSchema): JsonSchema {
  const { anyOf, ...rest } = schema as { anyOf?: JsonSchema[] };
  const [value, nothing] = anyOf ?? [];
  if (anyOf?.length !== 2 || nothing?.type !== 'null') return schema;
  if (value?.type === undefined || value.enum) return schema;
  return { ...value, ...rest, type: [...new Set([value.type, 'null'].flat())] };
}

/** What has a default need not be sent. */
function withoutDefaults(schema: JsonSchema): JsonSchema {
  const { required, ...rest } = schema;
  if (!Array.isArray(required)) return schema;
  const properties = (schema.properties ?? {}) as Record<string, JsonSchema>;
  const needed = required.filter((name) => !('default' in (properties[name] ?? {})));
  return needed.length > 0 ? { ...rest, required: needed } : rest;
}

/** The body of a write. */
export function bodySchema(takes: Takes, schemas: Schemas): JsonSchema {
  const own = part(schemaOf(takes.schema, schemas), takes);
  const { root, optional } = takes;
  if (root === null) return own;
  return { type: 'object', ...(optional ? {} : { required: [root] }), properties: { [root]: own } };
}

function part(schema: JsonSchema, { member, without = [] }: Takes): JsonSchema {
  const properties = (schema.properties ?? {}) as Record<string, JsonSchema>;
  if (member) {
    const found = properties[member];
    if (!found) throw new Error(`there is no ${member} in ${JSON.stringify(Object.keys(properties))}`);
    return found;
  }
  if (without.length === 0) return schema;
  const { required, ...rest } = schema as { required?: string[] };
  const needed = required?.filter((name) => !without.includes(name)) ?? [];
  return {
    ...rest,
    ...(needed.length > 0 ? { required: needed } : {}),
    properties: Object.fromEntries(Object.entries(properties).filter(([name]) => !without.includes(name))),
  };
}
