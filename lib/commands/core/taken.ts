import { CommandError } from '@/lib/schedule/errors';

/**
 * The row an insert with `on conflict do nothing` answered. Throws invalid with Lago's code for the field when somebody
 * else already holds the value: the unique index decides, so two racing callers cannot both win.
 */
export function orTaken<T>(rows: T[], field = 'code'): T {
  const [row] = rows;
  if (row) return row;
  throw new CommandError({ kind: 'invalid', fields: { [field]: ['value_already_exist'] } });
}
