/** How long a new key lives, by the word in the form; "day" has a field of its own. */
export const LIVES = [
  { value: 'never', label: 'never, until somebody ends it' },
  { value: '30', label: 'after 30 days' },
  { value: '90', label: 'after 90 days' },
  { value: '365', label: 'after a year' },
  { value: 'day', label: 'on a day' },
] as const;

/** How long a replaced key works on beside its replacement, hours. */
export const OVERLAPS = [
  { value: '24', label: 'for a day' },
  { value: '1', label: 'for an hour' },
  { value: '168', label: 'for a week' },
  { value: '0', label: 'not at all' },
] as const;
