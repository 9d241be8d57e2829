import type { Tx } from '@/db/clients';
import { memberships, type Role } from '@/db/schema';
import { createUser } from '@/lib/auth/users';
import type { Actor } from '@/lib/commands/core/command';

/** What everybody in the demo signs in with. It opens nothing but the demo. */
const PASSWORD = 'calm harbour lanterns';

interface Employee {
  name: string;
  title: string;
  roles: Role[];
}

/** The people of the demo are invented. The first of each role is the one whose sign-in is shown. */
const EMPLOYEES = {
  tomas: { name: 'Tomas Wrede', title: 'Founder', roles: ['founder'] },
  helene: { name: 'Helene Brandt', title: 'Finance', roles: ['finance'] },
  mira: { name: 'Mira Lund', title: 'Sales', roles: ['sales'] },
  kofi: { name: 'Kofi Asante', title: 'Support', roles: ['support'] },
  ines: { name: 'Ines Calder', title: 'Support lead', roles: ['support', 'sales'] },
  pia: { name: 'Pia Novak', title: 'Support', roles: ['support'] },
  ruth: { name: 'Ruth Okafor', title: 'Growth', roles: ['growth'] },
  dario: { name: 'Dario Venn', title: 'Engineer', roles: ['engineer'] },
} as const satisfies Record<string, Employee>;

export type EmployeeKey = keyof typeof EMPLOYEES;
export type Staff = Record<EmployeeKey, Extract<Actor, { type: 'person' }>>;

function emailOf(name: string): string {
  return `${name.toLowerCase().split(' ')[0]}@tidewharf.example`;
}

/** Makes everybody a user and a member, and answers them as the actors of the company's acts. */
export async function addStaff(tx: Tx, organizationId: string, now: number): Promise<Staff> {
  const staff: Partial<Staff> = {};
  for (const [key, { name, title, roles }] of Object.entries(EMPLOYEES) as [EmployeeKey, Employee][]) {
    const email = emailOf(name);
    const userId = await createUser(tx, { name, email, password: PASSWORD }, now);
    const createdAt = new Date(now);
    await tx
      .insert(memberships)
      .values({ organizationId, userId, name, email, title, timezone: 'Europe/Lisbon', roles, createdAt });
    staff[key] = { type: 'person', id: userId, name, roles };
  }
  return staff as Staff;
}

export interface SignIn {
  role: Role;
  email: string;
  password: string;
}

/** One sign-in per role. */
export function signIns(): SignIn[] {
  const byRole = new Map<Role, SignIn>();
  for (const { name, roles } of Object.values(EMPLOYEES) as Employee[]) {
    const [role] = roles;
    if (role && !byRole.has(role)) byRole.set(role, { role, email: emailOf(name), password: PASSWORD });
  }
  return [...byRole.values()];
}
