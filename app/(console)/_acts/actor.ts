import type { Person } from '@/lib/auth/current';
import type { Actor } from '@/lib/commands/core/command';

/** The signed-in person as the one who acts. */
export const actorOf = (person: Person): Actor => ({
  type: 'person',
  id: person.userId,
  name: person.name,
  roles: person.roles,
});
