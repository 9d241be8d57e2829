import { type Databases, openDatabases } from '@/db/clients';
import { memberships, type Role } from '@/db/schema';
import { withSystem } from '@/db/tenancy';
import { createTestDatabase } from '@/scripts/test-db';
import { createOrganization } from '../organizations.ts';
import type { Person } from '../person.ts';
import { createSession, verifySession } from '../sessions.ts';
import type { Visitor } from '../sign-in.ts';
import { createUser } from '../users.ts';

export const NOW = Date.parse('2026-10-13T09:24:00Z');
export const PASSWORD = 'seven quiet lighthouses';

export interface World {
  databases: Databases;
  /** Waits that were asked for, in milliseconds. */
  waits: number[];
  visitor(address?: string): Visitor;
  organization(name: string): Promise<string>;
  member(organizationId: string, email: string, roles?: Role[]): Promise<Person>;
  close(): Promise<void>;
}

/** A database with nothing in it and ways to people it. For tests only. */
export async function openWorld(): Promise<World> {
  process.env.NEXTAUTH_SECRET ??= 'a secret that only tests know';
  const database = await createTestDatabase();
  const databases = openDatabases(database);
  const waits: number[] = [];
  return {
    databases,
    waits,
    visitor: (address = '192.0.2.1') => ({
      address,
      userAgent: 'Test browser',
      wait: async (milliseconds) => {
        waits.push(milliseconds);
      },
    }),
    organization: async (name) => {
      const input = {
        name,
        timezone: 'Europe/Lisbon',
        currency: 'USD',
        country: 'PT',
        mode: 'live',
        now: NOW,
      } as const;
      return (await withSystem(databases, (tx) => createOrganization(tx, input))).organizationId;
    },
    member: (organizationId, email, roles = ['support']) =>
      withSystem(databases, async (tx) => {
        const name = email.split('@')[0] ?? email;
        const userId = await createUser(tx, { email, name, password: PASSWORD }, NOW);
        await tx
          .insert(memberships)
          .values({ organizationId, userId, name, email, roles, createdAt: new Date(NOW) });
        const sessionId = await createSession(tx, { userId, organizationId }, NOW);
        const person = await verifySession(tx, sessionId, NOW);
        if (!person) throw new Error('The session that was just made is not valid.');
        return person;
      }),
    async close() {
      await databases.close();
      await database.drop();
    },
  };
}
