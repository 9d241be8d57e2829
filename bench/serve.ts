// The product's own listener without the console, for measures over HTTP. The address of the database comes in the
// environment; the port goes out on standard output. Any other path answers an empty object, as the limit to measure by.

import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { databases } from '@/db/process';
import { createApi } from '@/lib/api/app';
import { createIngestDoor } from '@/lib/api/ingest-door';
import { createHttpServer } from '@/lib/server/http';
import { ingestListener } from '@/lib/server/ingest-listener';
import { log } from '@/lib/server/log';

const server = createHttpServer(
  {
    api: getRequestListener(createApi(databases()).fetch, { overrideGlobalObjects: false }),
    ingest: ingestListener(createIngestDoor(databases())),
    console: async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      JSON.parse(Buffer.concat(parts).toString());
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 2 }).end('{}');
    },
    readiness: async () => 'ready',
  },
  log,
);
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
process.once('disconnect', () => process.exit(0));
