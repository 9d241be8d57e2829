import type { Databases, Tx } from '@/db/clients';
import { withTenant } from '@/db/tenancy';
import type { Actor, Command } from '@/lib/commands/core/command';
import { runCommand } from '@/lib/commands/core/execute';
import { parseInput } from '@/lib/commands/core/fields';
import { readBody } from './body.ts';
import type { ApiContext } from './environment.ts';
import { badRequest, missingRoot } from './errors.ts';
import { type PageRequest, pageOf } from './pagination.ts';
import { QueryFilters } from './query.ts';

export type JsonObject = Record<string, unknown>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** One API call as a resource sees it: the tenant from the key, path, query and body, reading and acting. */
export class ApiRequest {
  readonly organizationId: string;
  readonly actor: Actor;
  readonly query: QueryFilters;
  /** Length of the body's text, once it was read. */
  bodyLength = 0;
  private parsed: Promise<JsonObject> | null = null;

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
    const text = await readBody(this.context.req.raw);
    this.bodyLength = text.length;
    if (text.trim() === '') return {};
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      throw badRequest('the body is not valid JSON');
    }
    if (!isObject(value)) throw badRequest('the body must be a JSON object');
    return value;
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

  /** Runs a command as the API key. The input is read here first, so that refusals name the wire's members. */
  run<I, R>(command: Command<I, R>, given: unknown): Promise<R> {
    const input = parseInput(command.input, given);
    return runCommand(this.databases, command, {
      organizationId: this.organizationId,
      actor: this.actor,
      input,
      requestId: this.context.get('requestId'),
    });
  }
}
