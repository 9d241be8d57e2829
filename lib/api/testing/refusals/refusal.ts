import type { Loose } from '../world.ts';

/** A call that is refused with 422, and the details it is answered with. Paths and bodies name what was made before as {name}. */
export type Refusal = [method: string, path: string, body: Loose, details: Loose];

/** One pair of metadata more than an object takes. */
export const TOO_MUCH_METADATA = Array.from({ length: 6 }, (_one, n) => ({ key: `k${n}`, value: 'v' }));
