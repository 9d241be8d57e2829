import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { instant, parseInput } from '@/lib/commands/core/fields';
import { createSandbox, organizationMode, sandboxInput } from '@/lib/commands/organizations/create-sandbox';
import { moveClock } from '@/lib/runners/clock';
import { body } from '../about.ts';
import type { Door } from '../environment.ts';
import { forbidden } from '../errors.ts';
import { isObject } from '../request.ts';
import { post, put } from '../routes.ts';
import { ts3 } from '../wire.ts';
import { is, one } from '../wire-schema.ts';

const clockInput = z.object({ now: instant() });

/**
 * Sandboxes: isolated organisations whose clock is moved by hand. Ours, not Lago's. A live organisation's key makes one;
 * the sandbox's own key moves its clock, and the answer comes once everything due on the way has run.
 */
export function sandboxes(door: Door): void {
  post(
    door,
    '/sandboxes',
    {
      answers: one('sandbox', z.object({ lago_id: is.uuid, api_key: is.str, now: is.ts3 })),
      takes: body('sandbox', sandboxInput, { optional: true }),
    },
    async (request) => {
      const { databases, organizationId } = request;
      if ((await organizationMode(databases, organizationId)) !== 'live') {
        throw forbidden('live_organization_required', 'Only a live organisation makes sandboxes.');
      }
      const given = (await request.body()).sandbox;
      const input = parseInput(sandboxInput, isObject(given) ? given : {});
      const rows = await databases.system.execute<{ now: string }>(
        sql`select floor(extract(epoch from clock_timestamp()) * 1000)::bigint::text as now`,
      );
      const made = await createSandbox(databases, input, Number(rows[0]?.now));
      return { sandbox: { lago_id: made.organizationId, api_key: made.apiKey, now: ts3(made.now) } };
    },
  );
  put(
    door,
    '/sandbox/clock',
    { answers: one('clock', z.object({ now: is.ts3 })), takes: body('clock', clockInput) },
    async (request) => {
      const { now } = parseInput(clockInput, await request.attributes('clock'));
      const moved = await moveClock(request.databases, request.organizationId, now);
      return { clock: { now: ts3(moved.now) } };
    },
  );
}
