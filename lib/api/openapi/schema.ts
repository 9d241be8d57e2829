import { z } from 'zod';

export type JsonSchema = Record<string, unknown>;

/**
 * The JSON Schema of what a validator takes. Text that is read as a number and the like is described by what it becomes;
 * unknown members are dropped, so none is forbidden.
 */
export function schemaOf(validator: z.ZodType): JsonSchema {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(validator, {
    io: 'output',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema._zod.def.type === 'bigint') Object.assign(jsonSchema, { type: 'integer' });
      if (zodSchema._zod.def.type === 'date')
        Object.assign(jsonSchema, { type: 'string', format: 'date-time' });
      delete jsonSchema.additionalProperties;
      if (jsonSchema.type === 'object' && jsonSchema.required) {
        const properties = (jsonSchema.properties ?? {}) as Record<string, JsonSchema>;
        const required = jsonSchema.required.filter((name) => !('default' in (properties[name] ?? {})));
        if (required.length > 0) jsonSchema.required = required;
        else delete jsonSchema.required;
      }
    },
  });
  return schema;
}

/** The same of one member of an object, for example the `changes` of an update. */
export function memberOf(validator: z.ZodType, member: string): JsonSchema {
  const schema = schemaOf(validator);
  const properties = (schema.properties ?? {}) as Record<string, JsonSchema>;
  const found = properties[member];
  if (!found) throw new Error(`there is no ${member} in ${JSON.stringify(Object.keys(properties))}`);
  return schema.$defs ? { ...found, $defs: schema.$defs } : found;
}
