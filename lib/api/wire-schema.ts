import { z } from 'zod';

/** Put on a validator: how the JSON of it is described, where its own type says something else. */
const shown = <T extends z.ZodType>(validator: T, wire: Record<string, unknown>): T =>
  validator.meta({ wire }) as T;
const text = (wire: Record<string, unknown>) => shown(z.string(), { type: 'string', ...wire });

/**
 * The members of answers (API contract, section 0). A serializer's result is typed by a schema made of these, the same one
 * that the OpenAPI document shows and that the tests hold every answer against.
 */
export const is = {
  uuid: text({ format: 'uuid' }),
  str: text({}),
  bool: z.boolean(),
  int: shown(z.number(), { type: 'integer' }),
  /** Minor units of the currency. */
  cents: shown(z.bigint(), { type: 'integer', format: 'int64', description: 'Minor units of the currency.' }),
  dec: text({ pattern: '^-?\\d+\\.(\\d|\\d*[1-9])$', description: 'A decimal number as text.' }),
  float: shown(z.number(), { type: 'number' }),
  ts: text({ format: 'date-time', pattern: '^[^.]{19}Z$' }),
  ts3: text({ format: 'date-time', pattern: '\\.\\d{3}Z$' }),
  date: text({ format: 'date' }),
  currency: text({ pattern: '^[A-Z]{3}$', description: 'An ISO 4217 code.' }),
  /** Whatever was sent in: properties, metadata. */
  object: shown(z.record(z.string(), z.unknown()), { type: 'object' }),
  texts: z.array(z.string()),
  /** What is always empty here, though Lago has things to put in it. */
  none: shown(z.array(z.never()), { type: 'array', maxItems: 0 }),
  null: z.null(),
  any: z.unknown(),
} as const;

/** A closed list of words, where the column's type is text. */
export function word(values: readonly string[]) {
  return text({ enum: values });
}

/** A resource under its name in the document. */
export function resource<S extends z.ZodRawShape>(name: string, shape: S) {
  return z.object(shape).meta({ id: name }) as z.ZodObject<S>;
}

/** What a serializer of this schema answers. */
export type Wire<S extends z.ZodType> = z.output<S>;

const meta = resource('Meta', {
  current_page: is.int,
  next_page: is.int.nullable(),
  prev_page: is.int.nullable(),
  total_pages: is.int,
  total_count: is.int,
});

/** One object under its singular name. */
export function one<N extends string, S extends z.ZodType>(name: N, schema: S) {
  return z.object({ [name]: schema } as Record<N, S>);
}

/** A list under its plural name, without pages. */
export function all<N extends string, S extends z.ZodType>(name: N, schema: S) {
  return one(name, z.array(schema));
}

/** A page of a list, with `meta` beside it. */
export function page<N extends string, S extends z.ZodType>(name: N, schema: S) {
  return z.object({ [name]: z.array(schema), meta } as Record<N, z.ZodArray<S>> & { meta: typeof meta });
}

/**
 * The same where every id, also one of the client's, may be null: for what is worked out and not saved. It is spelled
 * out, because its parts are not the document's named ones.
 */
export function withoutIds(schema: z.ZodType): z.ZodType {
  if (schema === is.uuid) return schema.nullable();
  if (schema instanceof z.ZodObject) {
    const shape = Object.entries<z.ZodType>(schema.shape);
    const named = shape.map(([key, inner]) => {
      const unsaved = withoutIds(inner);
      return [key, key.startsWith('external_') ? unsaved.nullable() : unsaved];
    });
    return z.object(Object.fromEntries(named));
  }
  if (schema instanceof z.ZodArray && schema !== is.none)
    return z.array(withoutIds(schema.element as z.ZodType));
  if (schema instanceof z.ZodOptional) return withoutIds(schema.unwrap() as z.ZodType).optional();
  if (schema instanceof z.ZodNullable) return withoutIds(schema.unwrap() as z.ZodType).nullable();
  return schema;
}
