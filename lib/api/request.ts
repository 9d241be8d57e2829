import type { Databases, Tx } from '@/db/clients';
import { withTenant } from '@/db/tenancy';
import type { Actor, Command } from '@/lib/commands/core/command';
import { runCommand } from '@/lib/commands/core/execute';
import { parseInput } from '@/lib/commands/core/fields';
import { readBody } from './body.ts';
import type { ApiContext } from './environment.ts';
import { missingRoot } from './errors.ts';
import { type PageRequest, pageOf } from './pagination.ts';
import { QueryFilters } from './query.ts';
import { isObject, type JsonObject, readJson } from './read-json.ts';

export { isObject, type JsonObject };

/** One API call as a resource sees it: the tenant from the key, path, query and body, reading and acting. */
export class ApiRequest {
  readonly organizationId: string;
  readonly actor: Actor;
  readonly query: QueryFilters;
  /** Length of the body's text, once it was read. */
  bodyLength = 0;
  /** See `JsonBody`: nobody looked. */
  readonly plain = false;
  private parsed: Promise<JsonObject> | null = null;
  private runs = 0;

  constructor(
    private readonly context: ApiContext,
    readonly databases: Databases,
  ) {
    const caller = context.get('caller');
    this.organizationId = caller.organizationId;
    this.actor = caller.actor;
    this.query = new QueryFilters(new URL(context.req.url).searchParams);
  }

  get page(): PageRequest {
    return pageOf(this.query.params);
  }

  /** A path parameter; ids and codes arrive unencoded from the official client, with dots and all. */
  param(name: string): string {
    return this.context.req.param(name) ?? '';
  }

  /** The body as an object; an empty body is an empty object. Throws 400 on anything that is not a JSON object. */
  body(): Promise<JsonObject> {
    this.parsed ??= this.parse();
    return this.parsed;
  }

  /** A body can be read only once, whoever asks for it. */
  private async parse(): Promise<JsonObject> {
    const text = this.context.get('bodyText') ?? (await readBody(this.context.req.raw));
    this.bodyLength = text.length;
    return readJson(text);
  }

  /** The attributes under the resource's singular name. Throws 400 when they are missing or empty, as Lago does. */
  async attributes(root: string): Promise<JsonObject> {
    const value = (await this.body())[root];
    if (!isObject(value) || Object.keys(value).length === 0) throw missingRoot(root);
    return value;
  }

  /** Runs `work` in one read-only transaction of the caller's organisation. */
  read<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return withTenant(this.databases, this.organizationId, work, { readOnly: true });
  }

  /**
   * Runs a command as the API key. The input is read here first, so that refusals name the wire's members. In a call with
   * an idempotency key each command runs once, also when the call is done again after a crash.
   */
  run<I, R>(command: Command<I, R>, given: unknown): Promise<R> {
    const input = parseInput(command.input, given);
    const claimId = this.context.get('claimId');
    const idempotencyKey = claimId && `api:${claimId}:${this.runs++}`;
    return runCommand(this.databases, command, {
      organizationId: this.organizationId,
      actor: this.actor,
      input,
      requestId: this.context.get('requestId'),
      ...(idempotencyKey ? { idempotencyKey } : {}),
    });
  }
}
