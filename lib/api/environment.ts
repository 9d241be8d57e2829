import type { Context, Hono } from 'hono';
import type { Databases } from '@/db/clients';
import type { Actor } from '@/lib/commands/core/command';
import type { About } from './about.ts';

/** Who calls: the key's organisation and the actor its commands run as. */
export interface Caller {
  organizationId: string;
  actor: Actor & { type: 'api_key' };
}

export interface ApiEnv {
  Variables: {
    caller: Caller;
    requestId: string;
    /** What a refused call was told. */
    refusal?: Record<string, unknown>;
    /** Names the acts of a call that carries an idempotency key. */
    claimId?: string;
    /** The body, when it was read before the route reads it. */
    bodyText?: string;
  };
}

export type ApiContext = Context<ApiEnv>;

/** What a resource module needs to hang its routes up. */
export interface Door {
  router: Hono<ApiEnv>;
  databases: Databases;
  /** What each route takes and answers, by method and path. */
  described: Map<string, About>;
}
