import { and, asc, eq, type Logger } from 'drizzle-orm';
import { type Databases, openDatabases } from '@/db/clients';
import { newId } from '@/db/ids';
import { fees, invoices, type Role } from '@/db/schema';
import { withSystem, withTenant } from '@/db/tenancy';
import { createOrganization } from '@/lib/auth/organizations';
import { moveClock } from '@/lib/runners/clock';
import { createTestDatabase } from '@/scripts/test-db';
import type { Actor, Command } from '../core/command';
import { runCommand } from '../core/execute';
import { upsertCustomer } from '../customers/upsert';
import { createPlan } from '../plans/create';
import { applyCommand } from '../preview/apply';
import { previewCommand } from '../preview/preview';
import type { ApplyAnswer, PreviewResult } from '../preview/types';
import { type CreateSubscriptionInput, createSubscription } from '../subscriptions/create';

export interface Sandbox {
  databases: Databases;
  organizationId: string;
  /** The database's owner, whom no rule holds. */
  ownerUrl: string;
  /** Pools of another process on the same database; the caller closes them. */
  another(logger?: Logger): Databases;
  key: Actor;
  person(roles: Role[], name?: string): Actor;
  run<I, R>(command: Command<I, R>, input: unknown, actor?: Actor): Promise<R>;
  move(iso: string): Promise<void>;
  customer(externalId: string, values?: Record<string, unknown>): Promise<string>;
  plan(code: string, values?: Record<string, unknown>): Promise<void>;
  subscribe(customerId: string, planCode: string, values?: Partial<CreateSubscriptionInput>): Promise<string>;
  invoices(
    customerId: string,
  ): Promise<(typeof invoices.$inferSelect & { lines: (typeof fees.$inferSelect)[] })[]>;
  preview(actor: Actor, command: string, input: unknown): Promise<PreviewResult>;
  apply(actor: Actor, preview: PreviewResult, input: unknown, key?: string): Promise<ApplyAnswer>;
  close(): Promise<void>;
}

/** An organisation with a hand-moved clock in a database of its own, and ways to act in it. For tests only. */
export async function openSandbox(startsAt: string, zone = 'UTC', currency = 'USD'): Promise<Sandbox> {
  process.env.NEXTAUTH_SECRET ??= 'a secret that only tests know';
  const database = await createTestDatabase();
  const databases = openDatabases(database);
  const { organizationId } = await withSystem(databases, (tx) =>
    createOrganization(tx, {
      name: 'Sandbox',
      timezone: zone,
      currency,
      country: null,
      mode: 'sandbox',
      now: Date.parse(startsAt),
    }),
  );
  const key: Actor = { type: 'api_key', id: newId(), name: 'Key' };
  const run: Sandbox['run'] = (command, input, actor = key) =>
    runCommand(databases, command, { organizationId, actor, input: input as never });
  return {
    databases,
    organizationId,
    ownerUrl: database.ownerUrl,
    another: (logger) => openDatabases(database, {}, logger),
    key,
    run,
    person: (roles, name = 'Kofi') => ({ type: 'person', id: newId(), name, roles }),
    move: async (iso) => {
      await moveClock(databases, organizationId, Date.parse(iso));
    },
    customer: async (externalId, values = {}) =>
      (await run(upsertCustomer, { external_id: externalId, name: externalId, currency, ...values })).id,
    plan: async (code, values = {}) => {
      await run(createPlan, {
        name: code,
        code,
        interval: 'monthly',
        amount_cents: 14_000,
        amount_currency: currency,
        pay_in_advance: true,
        ...values,
      });
    },
    subscribe: async (customerId, planCode, values = {}) =>
      (await run(createSubscription, { customerId, planCode, externalId: `${customerId}-1`, ...values })).id,
    invoices: (customerId) =>
      withTenant(databases, organizationId, async (tx) => {
        const rows = await tx
          .select()
          .from(invoices)
          .where(and(eq(invoices.organizationId, organizationId), eq(invoices.customerId, customerId)))
          .orderBy(asc(invoices.createdAt), asc(invoices.id));
        const lines = await tx
          .select()
          .from(fees)
          .where(and(eq(fees.organizationId, organizationId), eq(fees.customerId, customerId)))
          .orderBy(asc(fees.position));
        return rows.map((row) => ({ ...row, lines: lines.filter((line) => line.invoiceId === row.id) }));
      }),
    preview: async (actor, command, input) => {
      const answer = await previewCommand(databases, command, { organizationId, actor, input });
      if (!answer.ok) throw new Error(`${answer.kind}: ${answer.message}`);
      return answer.preview;
    },
    apply: (actor, preview, input, idempotencyKey = newId()) =>
      applyCommand(
        databases,
        {
          command: preview.command,
          input,
          reasonCode: 'outage',
          note: null,
          token: preview.token,
          idempotencyKey,
          acknowledgedTwinId: preview.twin?.auditRowId ?? null,
        },
        { organizationId, actor },
      ),
    close: async () => {
      await databases.close();
      await database.drop();
    },
  };
}
