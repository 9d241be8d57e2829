import type { EndpointRow } from './find.ts';

/** An endpoint as the history keeps it: without its secrets. */
export function described({ url, name, signatureAlgo, eventTypes, disabledAt }: EndpointRow) {
  return { url, name, signatureAlgo, eventTypes, disabledAt };
}
