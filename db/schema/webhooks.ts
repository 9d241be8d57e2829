import { sql } from 'drizzle-orm';
import { index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { id, instant, organizationId, tenantReference } from './columns.ts';
import { outbox } from './schedule.ts';

export const SIGNATURE_ALGOS = ['jwt', 'hmac'] as const;
export type SignatureAlgo = (typeof SIGNATURE_ALGOS)[number];

/**
 * An address that is told what happens. `secret` and `previousSecret` are sealed; both sign until `previousSecretUntil`.
 * `failingSince` is the first failure since the last success; an endpoint that failed too long is turned off.
 */
export const webhookEndpoints = pgTable(
  'webhook_endpoints',
  {
    organizationId: organizationId(),
    id: id(),
    url: text().notNull(),
    name: text(),
    signatureAlgo: text({ enum: SIGNATURE_ALGOS }).notNull().default('jwt'),
    /** Null is every type. */
    eventTypes: jsonb().$type<string[]>(),
    secret: text().notNull(),
    previousSecret: text(),
    previousSecretUntil: instant(),
    failingSince: instant(),
    disabledAt: instant(),
    disabledBy: text({ enum: ['failures', 'person'] }),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
    deletedAt: instant(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    uniqueIndex('webhook_endpoints_url').on(t.organizationId, t.url).where(sql`deleted_at is null`),
  ],
);

/** The organisation's RSA key for signatures of the kind `jwt`; the private half is sealed. */
export const webhookKeys = pgTable('webhook_keys', {
  organizationId: uuid().primaryKey(),
  privateKey: text().notNull(),
  publicKey: text().notNull(),
  createdAt: instant().notNull(),
});

export const DELIVERY_STATUSES = ['waiting', 'delivered', 'failed', 'paused'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/**
 * One message to one endpoint. Its id is what the receiver sees over all attempts. `tries` counts since it was last sent by
 * hand; `leasedUntil` is when a delivery whose worker died may be taken up by another. `paused`: its endpoint is off.
 */
export const webhookDeliveries = pgTable(
  'webhook_deliveries',
  {
    organizationId: organizationId(),
    id: id(),
    endpointId: uuid().notNull(),
    outboxId: uuid().notNull(),
    webhookType: text().notNull(),
    status: text({ enum: DELIVERY_STATUSES }).notNull(),
    attempts: integer().notNull().default(0),
    tries: integer().notNull().default(0),
    nextAttemptAt: instant(),
    leasedUntil: instant(),
    lastStatus: integer(),
    lastError: text(),
    finishedAt: instant(),
    createdAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    uniqueIndex('webhook_deliveries_once').on(t.organizationId, t.outboxId, t.endpointId),
    index('webhook_deliveries_open').on(t.endpointId, t.nextAttemptAt, t.id).where(sql`status = 'waiting'`),
    index('webhook_deliveries_endpoint').on(t.organizationId, t.endpointId, t.id),
    index('webhook_deliveries_status').on(t.organizationId, t.status, t.id),
    index('webhook_deliveries_age').on(t.createdAt).where(sql`status <> 'waiting'`),
    index('webhook_deliveries_type').on(t.organizationId, t.webhookType, t.id),
    tenantReference(t.organizationId, t.endpointId, () => webhookEndpoints),
    tenantReference(t.organizationId, t.outboxId, () => outbox).onDelete('cascade'),
  ],
);

export const ATTEMPT_OUTCOMES = ['delivered', 'refused', 'timed_out', 'unreachable', 'blocked'] as const;
export type AttemptOutcome = (typeof ATTEMPT_OUTCOMES)[number];

/** One try to deliver: what was dialled and what came back (its beginning). */
export const webhookAttempts = pgTable(
  'webhook_attempts',
  {
    organizationId: organizationId(),
    id: id(),
    deliveryId: uuid().notNull(),
    outcome: text({ enum: ATTEMPT_OUTCOMES }).notNull(),
    status: integer(),
    error: text(),
    /** Where the answer came from: the last address after redirects, and the number dialled. */
    url: text().notNull(),
    address: text(),
    answer: text(),
    durationMs: integer().notNull(),
    startedAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    index('webhook_attempts_delivery').on(t.organizationId, t.deliveryId, t.id),
    tenantReference(t.organizationId, t.deliveryId, () => webhookDeliveries).onDelete('cascade'),
  ],
);
