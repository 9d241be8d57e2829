import type { Context, Hono } from 'hono';
import type { Databases } from '@/db/clients';
import type { Actor } from '@/lib/commands/core/command';

/** Who calls: the key's organisation and the actor its commands run as. */
export interface Caller {
  organizationId: string;
  actor: Actor & { type: 'api_key' };
}

export interface ApiEnv {
  Variables: { caller: Caller; requestId: string };
}

export type ApiContext = Context<ApiEnv>;

/** What a resource module needs to hang its routes up. */
export interface Door {
  router: Hono<ApiEnv>;
  databases: Databases;
}
