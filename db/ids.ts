import { v7 } from 'uuid';

/** A new time-ordered id (UUID version 7), so that keys arrive in index order. */
export function newId(): string {
  return v7();
}
