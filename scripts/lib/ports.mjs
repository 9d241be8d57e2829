import { createServer } from 'node:net';

/** Is this TCP port free on 127.0.0.1? */
export function isPortFree(port) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

/** A port the system says is free at this moment. */
export function anyFreePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen({ port: 0, host: '127.0.0.1', exclusive: true }, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/**
 * The first free port from `wanted` upwards; after 50 taken ones, any free port.
 * @param {number} wanted
 */
export async function freePortFrom(wanted) {
  for (let port = wanted; port < wanted + 50 && port < 65536; port += 1) {
    if (await isPortFree(port)) return port;
  }
  return anyFreePort();
}
