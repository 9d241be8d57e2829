'use server';

import { databases } from '@/db/process';
import { requirePerson } from '@/lib/auth/current';
import type { ApplyAnswer, PreviewAnswer } from '@/lib/commands/preview/types';
import { applyUndo, previewUndo } from '@/lib/commands/preview/undo';
import { actorOf } from './actor';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const UNKNOWN = {
  ok: false,
  kind: 'invalid',
  message: 'This entry is not known. Reload the page.',
  fields: {},
} as const;

export interface UndoAsked {
  answer: PreviewAnswer;
  /** The reader's zone, for times of day. */
  timezone: string;
}

/** What taking one act back would do, without doing it. */
export async function askUndo(auditRowId: string): Promise<UndoAsked> {
  const person = await requirePerson();
  const { organizationId, timezone } = person;
  if (!UUID.test(String(auditRowId))) return { answer: UNKNOWN, timezone };
  const answer = await previewUndo(databases(), auditRowId, { organizationId, actor: actorOf(person) });
  return { answer, timezone };
}

export interface UndoConfirmed {
  /** Of the figures that were shown. */
  token: string;
  /** Made when the undo was asked for, so that pressing twice undoes once. */
  key: string;
  note: string;
}

/** Takes one act back, exactly as it was shown. */
export async function undoChange(
  auditRowId: string,
  { token, key, note }: UndoConfirmed,
): Promise<ApplyAnswer> {
  const person = await requirePerson();
  if (!UUID.test(String(auditRowId)) || !UUID.test(String(key)) || typeof token !== 'string') return UNKNOWN;
  const said = typeof note === 'string' ? note.trim().slice(0, 280) : '';
  return applyUndo(
    databases(),
    { auditRowId, token, note: said || null, idempotencyKey: key },
    { organizationId: person.organizationId, actor: actorOf(person) },
  );
}
