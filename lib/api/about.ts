import { z } from 'zod';

/** What a write takes: the validator that reads it, and where in the body it stands. */
export interface Takes {
  /** The member it stands under; null when it is the body itself. */
  root: string | null;
  schema: z.ZodType;
  /** The member of the validator's object that the body is, for example the `changes` of an update. */
  member?: string;
  /** Members of the validator's object that the path says, not the body. */
  without?: readonly string[];
  /** The root may be left out. */
  optional?: boolean;
}

/** What the OpenAPI document says of a route. */
export interface About<T = unknown> {
  answers: z.ZodType<T>;
  takes?: Takes;
  /** Names in the query, beside those of pages. */
  filters?: readonly string[];
}

type How = Omit<Takes, 'root' | 'schema'>;

/** A body with one member that is read by this validator. */
export function body(root: string, schema: z.ZodType, how: How = {}): Takes {
  return { root, schema, ...how };
}

/** A body whose members are read by this validator. */
export function bare(schema: z.ZodType, how: How = {}): Takes {
  return { root: null, schema, ...how };
}

/** 200 without a body. */
export const nothing = z.undefined();
/** The call never succeeds here; its refusals say why. */
export const refusal = z.never();
/** An answer that is not JSON. */
export const plainText = z.instanceof(Response);
