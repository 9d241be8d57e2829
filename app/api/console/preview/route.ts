import { z } from 'zod';
import { actorOf } from '@/app/(console)/_acts/actor';
import { PANEL_COMMANDS } from '@/app/(console)/_acts/panel-commands';

import { databases } from '@/db/process';
import { currentPerson } from '@/lib/auth/current';
import { isSameOrigin } from '@/lib/auth/origin';
import { previewCommand } from '@/lib/commands/preview/preview';
import type { PreviewAnswer } from '@/lib/commands/preview/types';

const request = z.strictObject({ command: z.enum(PANEL_COMMANDS), input: z.unknown() });

const refuse = (status: number, kind: string, message: string) =>
  Response.json({ ok: false, kind, message, fields: {} } satisfies PreviewAnswer, { status });

/** Works a change out without making it: the figures a panel shows and the token that confirms exactly them. */
export async function POST(asked: Request): Promise<Response> {
  if (!isSameOrigin(asked)) return refuse(403, 'forbidden', 'This came from another site.');
  const person = await currentPerson();
  if (!person) return refuse(401, 'signed_out', 'You are signed out. Sign in again; what you typed is kept.');
  const read = request.safeParse(await asked.json().catch(() => null));
  if (!read.success) return refuse(400, 'invalid', 'This change is not known. Reload the page.');
  const answer = await previewCommand(databases(), read.data.command, {
    organizationId: person.organizationId,
    actor: actorOf(person),
    input: read.data.input,
  });
  return Response.json(answer, { headers: { 'cache-control': 'no-store' } });
}
