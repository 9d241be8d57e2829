/**
 * Expected failures of a command or query. Inside a transaction they are thrown, so that everything rolls back; at the
 * edge they become values, translated once per door: a sentence on screen, Lago's shape on the API.
 */
export type Failure =
  | { kind: 'not_found'; resource: string }
  | { kind: 'invalid'; fields: Record<string, string[]>; message?: string }
  | { kind: 'not_allowed'; code: string; message?: string }
  | { kind: 'forbidden'; code: string; message?: string; whoCan?: string }
  | { kind: 'conflict'; code: string; message: string }
  | { kind: 'limit_exceeded'; message: string; approver: string | null }
  | { kind: 'moved'; message: string };

export class CommandError extends Error {
  override name = 'CommandError';
  constructor(readonly failure: Failure) {
    super(describe(failure));
  }
}

function describe(failure: Failure): string {
  switch (failure.kind) {
    case 'not_found':
      return `${failure.resource} not found`;
    case 'invalid':
      return failure.message ?? `invalid: ${JSON.stringify(failure.fields)}`;
    case 'not_allowed':
    case 'forbidden':
      return failure.message ?? failure.code;
    default:
      return failure.message;
  }
}

/** Throws "unknown object" (404 on the API, code `<resource>_not_found`). */
export function notFound(resource: string): never {
  throw new CommandError({ kind: 'not_found', resource });
}

/** Throws a validation failure: field → Lago's codes, and for people a sentence that says how to mend it. */
export function invalid(fields: Record<string, string[]>, message?: string): never {
  throw new CommandError({ kind: 'invalid', fields, message });
}

/** Throws "the object's state forbids it" (405 on the API). */
export function notAllowed(code: string, message?: string): never {
  throw new CommandError({ kind: 'not_allowed', code, message });
}

export function conflict(code: string, message: string): never {
  throw new CommandError({ kind: 'conflict', code, message });
}
