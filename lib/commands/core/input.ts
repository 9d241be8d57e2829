import { invalid } from '@/lib/schedule/errors';
import type { Command } from './command';

/**
 * Checks a command's input. Throws invalid with field → codes: an issue's message is taken as its code, so schemas say
 * Lago's codes where it has them. On our own doors unknown members are refused by strict schemas.
 */
export function readInput<I, R>(command: Command<I, R>, input: unknown): I {
  const parsed = command.input.safeParse(input);
  if (parsed.success) return parsed.data;
  const fields: Record<string, string[]> = {};
  for (const issue of parsed.error.issues) {
    const field = issue.path.map(String).join('.') || 'base';
    fields[field] = [...(fields[field] ?? []), issue.message];
  }
  return invalid(fields);
}
