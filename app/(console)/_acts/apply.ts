'use server';

import { z } from 'zod';
import { databases } from '@/db/process';
import { requirePerson } from '@/lib/auth/current';
import { applyCommand } from '@/lib/commands/preview/apply';
import type { ApplyAnswer } from '@/lib/commands/preview/types';
import { actorOf } from './actor';
import { PANEL_COMMANDS } from './panel-commands';

const request = z.strictObject({
  command: z.enum(PANEL_COMMANDS),
  input: z.unknown(),
  reasonCode: z.string().max(64).nullable(),
  note: z.string().max(280).nullable(),
  token: z.string().max(4096),
  idempotencyKey: z.uuid(),
  acknowledgedTwinId: z.uuid().nullable(),
});

/** Applies exactly what a preview showed. The command checks right, limit, reason and token; this door checks who. */
export async function applyChange(asked: unknown): Promise<ApplyAnswer> {
  const person = await requirePerson();
  const read = request.safeParse(asked);
  if (!read.success) {
    return {
      ok: false,
      kind: 'invalid',
      message: 'Something in this form is not readable. Reload the page.',
    };
  }
  return applyCommand(databases(), read.data, {
    organizationId: person.organizationId,
    actor: actorOf(person),
  });
}
