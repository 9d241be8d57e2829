import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { creditNotes, plans, wallets } from '@/db/schema';
import type { Right } from '@/lib/auth/rights';
import { notFound } from '@/lib/schedule/errors';
import { defineCommand } from '../core/command.ts';
import { identifier } from '../core/fields.ts';
import { mapOf, metadataMap } from '../wallets/input.ts';

/** Notes a client keeps on an object: a map of short texts. Null when there is none. */
export type Metadata = Record<string, string | null> | null;

const input = z.object({
  id: identifier(),
  metadata: metadataMap,
  /** Whether members not named stay. */
  merge: z.boolean(),
});

const removal = z.object({ id: identifier(), key: identifier().nullish() });

interface Holder {
  /** As the timeline says it: "the plan". */
  word: string;
  type: string;
  right: Right;
  table: typeof plans | typeof wallets | typeof creditNotes;
}

/** The commands that write one kind of object's metadata. Both throw not_found (the object; `metadata` for a key). */
function metadataCommands(name: string, { word, type, right, table }: Holder) {
  const write = defineCommand<z.infer<typeof input>, Metadata>({
    name: `${name}/set-metadata`,
    input,
    right,
    reason: 'none',
    undo: null,
    async run({ tx, organizationId }, given) {
      const where = and(eq(table.organizationId, organizationId), eq(table.id, given.id));
      const [row] = await tx.select({ metadata: table.metadata }).from(table).where(where).for('update');
      if (!row) return notFound(type);
      const result = { ...(given.merge ? row.metadata : null), ...mapOf(given.metadata) };
      await tx.update(table).set({ metadata: result }).where(where);
      return outcome(given.id, row.metadata, result);
    },
  });
  const remove = defineCommand<z.infer<typeof removal>, Metadata>({
    name: `${name}/remove-metadata`,
    input: removal,
    right,
    reason: 'none',
    undo: null,
    async run({ tx, organizationId }, { id, key }) {
      const where = and(eq(table.organizationId, organizationId), eq(table.id, id));
      const [row] = await tx.select({ metadata: table.metadata }).from(table).where(where).for('update');
      if (!row) return notFound(type);
      if (key && !Object.hasOwn(row.metadata ?? {}, key)) return notFound('metadata');
      const kept = Object.entries(row.metadata ?? {}).filter(([one]) => one !== key);
      const result = key ? Object.fromEntries(kept) : null;
      await tx.update(table).set({ metadata: result }).where(where);
      return outcome(id, row.metadata, result);
    },
  });
  const outcome = (id: string, before: Metadata, after: Metadata) => ({
    result: after,
    title: `Change the notes of ${word}`,
    subject: { type, id },
    before,
    after,
  });
  return { write, remove };
}

export const planMetadata = metadataCommands('plans', {
  word: 'the plan',
  type: 'plan',
  right: 'plans.publish',
  table: plans,
});
export const walletMetadata = metadataCommands('wallets', {
  word: 'the wallet',
  type: 'wallet',
  right: 'credits.grant',
  table: wallets,
});
export const creditNoteMetadata = metadataCommands('credit-notes', {
  word: 'the credit note',
  type: 'credit_note',
  right: 'credit_notes.issue',
  table: creditNotes,
});
