import { handle } from 'hono/vercel';
import { databases } from '@/db/process';
import { createApi } from '@/lib/api/app';

export const runtime = 'nodejs';
export const dynamic = 'force-dynamic';

/** The HTTP API for hosts without our own server in front; built at the first call, so a build needs no database. */
let answer: ReturnType<typeof handle> | undefined;

function door(request: Request): Response | Promise<Response> {
  answer ??= handle(createApi(databases()));
  return answer(request);
}

export { door as DELETE, door as GET, door as PATCH, door as POST, door as PUT };
