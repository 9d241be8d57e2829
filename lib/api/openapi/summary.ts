import { z } from 'zod';
import type { About } from '../about.ts';

const humane = (name: string): string => name.replaceAll('_', ' ');

/** `coupons` names coupons, `void` does not. */
const isNamed = (segment: string, root: string): boolean =>
  root !== '' && segment.startsWith(root.slice(0, -1));

const VERBS: Record<string, string> = { POST: 'Create', PUT: 'Change', PATCH: 'Change', DELETE: 'Delete' };

/** What a call does, in a few words: "List coupons", "Create wallet", "Void invoice". */
export function summaryOf(method: string, route: string, { answers, takes }: About): string {
  const segments = route.split('/').slice(1);
  const last = segments.at(-1) ?? '';
  const members = answers instanceof z.ZodObject ? Object.entries<z.ZodType>(answers.shape) : [];
  const [root = takes?.root ?? '', schema] = members[0] ?? [];
  if (method === 'GET') return humane(`${schema instanceof z.ZodArray ? 'List' : 'Read'} ${root || last}`);
  const verb = VERBS[method] ?? method;
  const beforeLast = segments.at(-2) ?? '';
  if (last.startsWith(':'))
    return humane(`${verb} ${isNamed(beforeLast, root) ? root : singular(beforeLast) || root}`);
  if (isNamed(last, root)) return humane(`${verb} ${root}`);
  if (method === 'DELETE') return humane(`${verb} ${last}`);
  if (root === '') return capital(humane(last));
  return `${capital(humane(last))} (${humane(root)})`;
}

const singular = (name: string): string => name.replace(/ies$/, 'y').replace(/s$/, '');
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
