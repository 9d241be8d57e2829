import { and, asc, eq, gt, gte, inArray, lt } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { invoices } from '@/db/schema';
import { anyFactsFromCanonical, canonicalJson } from '@/lib/billing/invoice/canonical';
import { engineOf } from '@/lib/billing/invoice/engines';
import { factsHash } from '@/lib/invoicing/keep-facts';
import { type Kept, readKept } from './read';
import { type IssuedRecord, recordOf, regroupedRecordOf, storedRecord } from './record';

/** One figure that came out otherwise. */
export interface Difference {
  /** `totals.taxesAmountMinor`, `lines[2].units`… */
  where: string;
  stored: string | null;
  recomputed: string | null;
}

export interface Reproduction {
  invoiceId: string;
  number: string | null;
  same: boolean;
  /** Why nothing could be compared; null when it was. */
  obstacle: 'no_facts' | 'facts_changed' | 'unknown_engine' | null;
  engineVersion: string | null;
  factsHash: string | null;
  /** The last event that had arrived when the facts were kept. */
  eventWatermark: string | null;
  differences: Difference[];
}

function differences(where: string, stored: unknown, recomputed: unknown): Difference[] {
  if (canonicalJson(stored ?? null) === canonicalJson(recomputed ?? null)) return [];
  const nested = (value: unknown): value is object =>
    value !== null && typeof value === 'object' && !(value instanceof Date);
  if (nested(stored) && nested(recomputed) && Array.isArray(stored) === Array.isArray(recomputed)) {
    const [a, b] = [Object.entries(stored), Object.entries(recomputed)];
    const names = [...new Set([...a, ...b].map(([name]) => name))];
    const [left, right] = [new Map(a), new Map(b)];
    return names.flatMap((name) => {
      const path = Array.isArray(stored) ? `${where}[${name}]` : where === '' ? name : `${where}.${name}`;
      return differences(path, left.get(name), right.get(name));
    });
  }
  const text = (value: unknown) => (value === undefined || value === null ? null : canonicalJson(value));
  return [{ where, stored: text(stored), recomputed: text(recomputed) }];
}

function reproduce(kept: Kept): Reproduction {
  const { invoice, facts } = kept;
  const about = {
    invoiceId: invoice.id,
    number: invoice.number,
    engineVersion: facts?.engineVersion ?? null,
    factsHash: facts?.hash ?? null,
    eventWatermark: facts?.eventWatermark ?? null,
  };
  const halted = (obstacle: Reproduction['obstacle']): Reproduction => ({
    ...about,
    same: false,
    obstacle,
    differences: [],
  });
  if (!facts) return halted('no_facts');
  const unchanged = factsHash(facts.facts) === facts.hash && invoice.factsHash === facts.hash;
  if (!unchanged) return halted('facts_changed');
  const engine = engineOf(facts.engineVersion);
  if (!engine) return halted('unknown_engine');
  const read = anyFactsFromCanonical(facts.facts);
  const recomputed: IssuedRecord =
    read.type === 'advance_charges'
      ? regroupedRecordOf(engine.regroup(read), read, invoice.organizationId)
      : recordOf(engine.compute(read), {
          organizationId: invoice.organizationId,
          currency: invoice.currency,
        });
  const stored = storedRecord(kept, recomputed);
  const same = canonicalJson(stored) === canonicalJson(recomputed);
  return { ...about, same, obstacle: null, differences: same ? [] : differences('', stored, recomputed) };
}

const ISSUED = ['finalized', 'voided'] as const;

/**
 * Works an issued invoice out again: the same version of the engine over the stored facts, compared with what is stored to
 * the last decimal. Null when there is no issued invoice of that id.
 */
export async function reproduceInvoice(
  tx: Tx,
  organizationId: string,
  invoiceId: string,
): Promise<Reproduction | null> {
  const [kept] = await readKept(tx, organizationId, [invoiceId]);
  if (!kept || !ISSUED.some((status) => status === kept.invoice.status)) return null;
  return reproduce(kept);
}

export interface Period {
  /** Epoch milliseconds: invoices billed from here on… */
  from: number;
  /** …and before here. */
  to: number;
}

const BATCH = 200;

export interface ReproducedPeriod {
  invoices: number;
  /** Those that came out otherwise or could not be worked out again. */
  different: Reproduction[];
}

/** Works every issued invoice of a period (all of them without one) out again, a batch at a time. */
export async function reproducePeriod(
  tx: Tx,
  organizationId: string,
  period?: Period,
): Promise<ReproducedPeriod> {
  const found: ReproducedPeriod = { invoices: 0, different: [] };
  let after: string | null = null;
  for (;;) {
    const rows: { id: string }[] = await tx
      .select({ id: invoices.id })
      .from(invoices)
      .where(
        and(
          eq(invoices.organizationId, organizationId),
          inArray(invoices.status, [...ISSUED]),
          ...(period
            ? [gte(invoices.billedAt, new Date(period.from)), lt(invoices.billedAt, new Date(period.to))]
            : []),
          ...(after ? [gt(invoices.id, after)] : []),
        ),
      )
      .orderBy(asc(invoices.id))
      .limit(BATCH);
    const kept = await readKept(
      tx,
      organizationId,
      rows.map(({ id }) => id),
    );
    found.invoices += kept.length;
    found.different.push(...kept.map(reproduce).filter(({ same }) => !same));
    after = rows.at(-1)?.id ?? null;
    if (rows.length < BATCH || !after) return found;
  }
}
