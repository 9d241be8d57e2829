import { type Right, roleHolds } from '@/lib/auth/rights';
import { CommandError } from '@/lib/schedule/errors';
import type { Actor } from './command';

/**
 * Throws forbidden when the actor may not do this. API keys were checked for scope at their door, and due work acts for
 * the house itself.
 */
export function assertRight(actor: Actor, right: Right): void {
  if (actor.type !== 'person') return;
  if (actor.roles.some((role) => roleHolds(role, right))) return;
  throw new CommandError({
    kind: 'forbidden',
    code: `missing_right_${right}`,
    message: 'Your role does not allow this. Ask a founder to give you the right, or to do it.',
  });
}
