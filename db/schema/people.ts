import { index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { id, instant, minor, organizationId } from './columns.ts';

export const ROLES = ['founder', 'finance', 'sales', 'support', 'growth', 'engineer'] as const;
export type Role = (typeof ROLES)[number];

/** A person. People belong to organisations through memberships, so this table has no tenant; only `system` reads it. */
export const users = pgTable(
  'users',
  {
    id: uuid().primaryKey(),
    email: text().notNull(),
    name: text().notNull(),
    passwordHash: text(),
    totpSecret: text(),
    totpConfirmedAt: instant(),
    totpLastStep: integer(),
    passwordChangedAt: instant(),
    createdAt: instant().notNull(),
  },
  (t) => [uniqueIndex('users_email').on(t.email)],
);

export const memberships = pgTable(
  'memberships',
  {
    organizationId: organizationId(),
    userId: uuid().notNull(),
    name: text().notNull(),
    email: text().notNull(),
    title: text(),
    timezone: text().notNull().default('UTC'),
    roles: jsonb().$type<Role[]>().notNull(),
    createdAt: instant().notNull(),
    endedAt: instant(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.userId] }),
    index('memberships_user').on(t.userId, t.organizationId),
  ],
);

export const sessions = pgTable(
  'sessions',
  {
    id: uuid().primaryKey(),
    userId: uuid().notNull(),
    organizationId: uuid(),
    createdAt: instant().notNull(),
    lastSeenAt: instant().notNull(),
    expiresAt: instant().notNull(),
    revokedAt: instant(),
    address: text(),
    userAgent: text(),
  },
  (t) => [index('sessions_user').on(t.userId, t.createdAt)],
);

export const invitations = pgTable(
  'invitations',
  {
    organizationId: organizationId(),
    id: id(),
    email: text().notNull(),
    roles: jsonb().$type<Role[]>().notNull(),
    tokenHash: text().notNull(),
    invitedBy: uuid().notNull(),
    createdAt: instant().notNull(),
    expiresAt: instant().notNull(),
    acceptedAt: instant(),
    revokedAt: instant(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    uniqueIndex('invitations_token').on(t.tokenHash),
  ],
);

export const passwordResets = pgTable(
  'password_resets',
  {
    id: uuid().primaryKey(),
    userId: uuid().notNull(),
    tokenHash: text().notNull(),
    createdAt: instant().notNull(),
    expiresAt: instant().notNull(),
    usedAt: instant(),
  },
  (t) => [uniqueIndex('password_resets_token').on(t.tokenHash)],
);

/**
 * One-time codes in place of the authenticator's, kept as hashes. Making new ones removes the old; a used one stays, so
 * that the page can say how many are left.
 */
export const recoveryCodes = pgTable(
  'recovery_codes',
  {
    userId: uuid().notNull(),
    codeHash: text().notNull(),
    createdAt: instant().notNull(),
    usedAt: instant(),
  },
  (t) => [primaryKey({ columns: [t.userId, t.codeHash] })],
);

/** Fixed windows for throttling sign-in, per account and per address. */
export const throttles = pgTable(
  'throttles',
  {
    key: text().notNull(),
    windowStart: instant().notNull(),
    points: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.key] })],
);

/** Keys are shown once and stored as a keyed hash; the hash is unique over all tenants, the key names its tenant. */
export const apiKeys = pgTable(
  'api_keys',
  {
    organizationId: organizationId(),
    id: id(),
    name: text().notNull(),
    keyHash: text().notNull(),
    lastFour: text().notNull(),
    scopes: jsonb().$type<Record<string, ('read' | 'write')[]>>(),
    /** Calls a minute it may make; null is what the server allows every key. */
    requestsPerMinute: integer(),
    createdAt: instant().notNull(),
    lastUsedAt: instant(),
    expiresAt: instant(),
    revokedAt: instant(),
  },
  (t) => [primaryKey({ columns: [t.organizationId, t.id] }), uniqueIndex('api_keys_hash').on(t.keyHash)],
);

/**
 * What a role may give away. `unit` says how the figures read: minor units of `currency`, days, or percent with bills.
 * Null means "no limit"; an absent row means "not this role".
 */
export const roleLimits = pgTable(
  'role_limits',
  {
    organizationId: organizationId(),
    role: text({ enum: ROLES }).notNull(),
    act: text({ enum: ['credits', 'discount', 'trial', 'refund', 'credit_note'] }).notNull(),
    perAct: minor(),
    perCustomer30d: minor(),
    perPerson30d: minor(),
    maxBills: integer(),
    updatedAt: instant().notNull(),
  },
  (t) => [primaryKey({ columns: [t.organizationId, t.role, t.act] })],
);
