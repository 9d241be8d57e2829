import type { JsonSchema } from './schema.ts';

/** The refusals that are named in the document (API contract 1.1). */
export const REFUSALS = [
  { status: 400, name: 'BadRequest', description: 'The body cannot be read, or its root member is missing.' },
  { status: 401, name: 'Unauthorized', description: 'No key, or one that is not known.' },
  { status: 403, name: 'Forbidden', description: 'The key may not do this.' },
  { status: 404, name: 'NotFound', description: 'Something that is named is not there; `code` says what.' },
  { status: 405, name: 'NotAllowed', description: 'The state of the object forbids it; `code` says why.' },
  { status: 422, name: 'Unprocessable', description: 'Refused; `error_details` names the fields and why.' },
  { status: 429, name: 'TooMany', description: 'Too many calls; `Retry-After` says when to come again.' },
] as const;

const schema: JsonSchema = {
  type: 'object',
  required: ['status', 'error'],
  properties: {
    status: { type: 'integer', description: 'The HTTP status.' },
    error: { type: 'string' },
    code: { type: 'string', description: 'What it is, for programs.' },
    message: { type: 'string', description: 'How to mend it, for people.' },
    error_details: { type: 'object', description: 'Field to codes; in batches index to fields.' },
    reference: { type: 'string', description: 'To quote when something unexpected failed.' },
  },
};

const response = (description: string): JsonSchema => ({
  description,
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
});

export const ERROR_COMPONENTS = {
  schema,
  responses: {
    ...Object.fromEntries(REFUSALS.map(({ name, description }) => [name, response(description)])),
    Refused: response('Refused: the body says why.'),
  },
};
