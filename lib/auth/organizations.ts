import { randomBytes } from 'node:crypto';
import { eq, ne, sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { newId } from '@/db/ids';
import { billingEntities, memberships, organizations, type Role } from '@/db/schema';
import { isCurrency } from '@/lib/billing/money/currency';
import { Refused } from './errors.ts';
import { writeDefaultLimits } from './limits.ts';

export interface NewOrganization {
  name: string;
  /** IANA zone its bills and reports are cut in. */
  timezone: string;
  currency: string;
  /** ISO 3166 alpha-2, or null. */
  country: string | null;
  mode: 'live' | 'sandbox' | 'history';
  /** Epoch milliseconds; where a sandbox's or a history's hand-moved clock begins. */
  now: number;
  /** The first member, usually its founder. A sandbox made over the API has none. */
  founder?: {
    userId: string;
    name: string;
    email: string;
    title?: string;
    roles?: Role[];
    timezone?: string;
  };
}

export interface CreatedOrganization {
  organizationId: string;
  billingEntityId: string;
}

/**
 * Makes an organisation with what it cannot be without: its default billing entity, the default limits of each role, and
 * its first member. Needs the `system` role. Throws Refused on a name, zone, currency or country that cannot be.
 */
export async function createOrganization(tx: Tx, input: NewOrganization): Promise<CreatedOrganization> {
  const { timezone, currency, country, mode, now, founder } = input;
  const name = input.name.trim();
  checkOrganization({ name, timezone, currency, country });
  const [organizationId, billingEntityId] = [newId(), newId()];
  const at = new Date(now);
  await tx.insert(organizations).values({
    id: organizationId,
    name,
    slug: await freeSlug(tx, name, organizationId),
    mode,
    clockNow: mode === 'live' ? null : at,
    hmacKey: randomBytes(32).toString('hex'),
    createdAt: at,
  });
  await tx.insert(billingEntities).values({
    organizationId,
    id: billingEntityId,
    code: 'default',
    name,
    isDefault: true,
    defaultCurrency: currency,
    timezone,
    country,
    documentNumberPrefix: numberPrefix(name, organizationId),
    createdAt: at,
    updatedAt: at,
  });
  await writeDefaultLimits(tx, organizationId, now);
  if (founder) {
    await tx.insert(memberships).values({
      organizationId,
      userId: founder.userId,
      name: founder.name,
      email: founder.email,
      title: founder.title ?? null,
      timezone: founder.timezone ?? timezone,
      roles: founder.roles ?? ['founder'],
      createdAt: at,
    });
  }
  return { organizationId, billingEntityId };
}

/** Whether there is no organisation at all yet: only then may a stranger make the first one. */
export async function isFirstOrganization(tx: Tx): Promise<boolean> {
  const rows = await tx.select({ id: organizations.id }).from(organizations).limit(1);
  return rows.length === 0;
}

/** Takes the lock under which the first organisation is made, so that two people cannot both be first. */
export async function lockFirstOrganization(tx: Tx): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('counterfoil first organisation'))`);
}

/** The invoice number's beginning: three letters of the name and the end of the id, which keeps namesakes apart. */
export function numberPrefix(name: string, organizationId: string): string {
  const letters = [...name.normalize('NFKD').replaceAll(/[^\p{L}\p{N}]/gu, '')].slice(0, 3).join('');
  return `${letters || 'INV'}-${organizationId.slice(-4)}`.toUpperCase();
}

/** Throws Refused (field name, timezone, currency or country) on what an organisation cannot have. */
export function checkOrganization({
  name,
  timezone,
  currency,
  country,
}: Pick<NewOrganization, 'name' | 'timezone' | 'currency' | 'country'>): void {
  if (name.length === 0) throw new Refused('name', 'Give the organisation a name.');
  if (name.length > 120) throw new Refused('name', 'Use at most 120 characters for the name.');
  if (!isTimezone(timezone)) {
    throw new Refused(
      'timezone',
      `"${timezone}" is not a time zone. Give one such as Europe/Lisbon or America/New_York.`,
    );
  }
  if (!isCurrency(currency)) {
    throw new Refused(
      'currency',
      `"${currency}" is not a currency. Give its three letters, such as USD or EUR.`,
    );
  }
  if (country !== null && !/^[A-Z]{2}$/.test(country)) {
    throw new Refused('country', `"${country}" is not a country. Give its two letters, such as PT or US.`);
  }
}

/** Whether a name is an IANA time zone this server knows. */
export function isTimezone(timezone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: timezone }).resolvedOptions().timeZone.length > 0;
  } catch {
    return false;
  }
}

async function freeSlug(tx: Tx, name: string, organizationId: string): Promise<string> {
  const words = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-');
  const slug = words.replaceAll(/^-+|-+$/g, '').slice(0, 48) || 'organisation';
  const taken = await tx
    .select({ id: organizations.id })
    .from(organizations)
    .where(eq(organizations.slug, slug));
  return taken.length === 0 ? slug : `${slug}-${organizationId.slice(-6)}`;
}

/** What the sign-in page may say: whose server this is when there is one organisation, and whether there is none yet. */
export async function onlyOrganizationName(tx: Tx): Promise<{ none: boolean; name: string | null }> {
  const rows = await tx
    .select({ name: organizations.name })
    .from(organizations)
    .where(ne(organizations.mode, 'sandbox'))
    .limit(2);
  const none = rows.length === 0 && (await isFirstOrganization(tx));
  return { none, name: rows.length === 1 ? (rows[0]?.name ?? null) : null };
}
