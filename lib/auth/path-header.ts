/** The address of the page being read, set by proxy.ts for the way back after sign-in. A convenience, never believed. */
export const PATH_HEADER = 'x-counterfoil-path';
