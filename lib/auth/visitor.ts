import { setTimeout as sleep } from 'node:timers/promises';
import { clientAddress } from './address.ts';
import type { Visitor } from './sign-in.ts';

/** Where a request comes from, from its headers. */
export function visitorOf(headers: Pick<Headers, 'get'>): Visitor {
  return {
    address: clientAddress(headers),
    userAgent: headers.get('user-agent'),
    wait: async (milliseconds) => {
      await sleep(milliseconds);
    },
  };
}
