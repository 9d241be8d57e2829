import type { BrowserContext } from '@playwright/test';
import { deriveUrls } from '@/db/bootstrap';
import { type Databases, openDatabases } from '@/db/clients';
import { memberships, type Role } from '@/db/schema';
import { withSystem } from '@/db/tenancy';
import { encodeSession } from '@/lib/auth/session-cookie';
import { sessionCookieName } from '@/lib/auth/session-cookie-name';
import { createSession } from '@/lib/auth/sessions';
import { createUser } from '@/lib/auth/users';

/** What everybody in the journeys signs in with. */
export const PASSWORD = 'slate harbour candle';

const NAMES: Record<Role, { name: string; title: string }> = {
  founder: { name: 'Tomas Wrede', title: 'Founder' },
  finance: { name: 'Helene Brandt', title: 'Finance' },
  sales: { name: 'Mira Lund', title: 'Sales' },
  support: { name: 'Kofi Asante', title: 'Support' },
  growth: { name: 'Ruth Okafor', title: 'Growth' },
  engineer: { name: 'Dario Venn', title: 'Engineer' },
};

export interface Member {
  userId: string;
  organizationId: string;
  name: string;
  email: string;
}

let opened: Databases | undefined;

/** This worker's pools on the database the server under test uses. */
function database(): Databases {
  const { JOURNEYS_DATABASE_URL, JOURNEYS_SECRET } = process.env;
  if (!JOURNEYS_DATABASE_URL || !JOURNEYS_SECRET) throw new Error('The journeys’ server is not running.');
  process.env.NEXTAUTH_SECRET = JOURNEYS_SECRET;
  opened ??= openDatabases(deriveUrls(JOURNEYS_DATABASE_URL), { app: 1, system: 2, bulk: 1 });
  return opened;
}

/** Makes a person and their membership: what an accepted invitation leaves behind. */
export async function addMember(
  organizationId: string,
  role: Role,
  { at, name = NAMES[role].name }: { at: number; name?: string },
): Promise<Member> {
  const first = name.toLowerCase().split(' ')[0];
  const email = `${first}.${organizationId.slice(-10)}@tidewharf.example`;
  const userId = await withSystem(database(), async (tx) => {
    const id = await createUser(tx, { name, email, password: PASSWORD }, at);
    await tx.insert(memberships).values({
      organizationId,
      userId: id,
      name,
      email,
      title: NAMES[role].title,
      timezone: 'Europe/Lisbon',
      roles: [role],
      createdAt: new Date(at),
    });
    return id;
  });
  return { userId, organizationId, name, email };
}

/** Gives a browser a session of this person's, as sign-in would. The sign-in page has journeys of its own. */
export async function enterAs(
  context: BrowserContext,
  { userId, organizationId }: Member,
  origin: string,
): Promise<void> {
  const session = { userId, organizationId, userAgent: 'Journey' };
  const sessionId = await withSystem(database(), (tx) => createSession(tx, session, Date.now()));
  const value = await encodeSession({ userId, sessionId });
  await context.addCookies([
    { name: sessionCookieName(), value, url: origin, httpOnly: true, sameSite: 'Lax' },
  ]);
}
