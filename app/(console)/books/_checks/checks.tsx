import { cache } from 'react';
import { formatInstant } from '@/components/format-date';
import { State } from '@/components/ui/state';
import { Section } from '@/components/ui/surface';
import { BOOKS_PARTS, checkInvariant, INVARIANTS } from '@/lib/queries/books';
import type { Invariant } from '@/lib/queries/invariant';
import { reading } from '../../_reading/tenant';

type Checked = Awaited<ReturnType<typeof checkInvariant>> | { name: string; count: null };

const AT_ONCE = 3;
/** PostgreSQL's code for a statement that was stopped because it took too long. */
const STOPPED = '57014';

const isStopped = (error: unknown): boolean =>
  error instanceof Error && (('code' in error && error.code === STOPPED) || isStopped(error.cause));

/** One check in a snapshot of its own, so that a long one holds nothing up; one that takes too long says so. */
async function check(invariant: Invariant): Promise<Checked> {
  try {
    return await reading(({ tx, organizationId }) => checkInvariant(tx, organizationId, invariant));
  } catch (error) {
    if (!isStopped(error)) throw error;
    return { name: invariant.name, count: null };
  }
}

const checkAll = cache(async (): Promise<Map<string, Checked>> => {
  const waiting = [...INVARIANTS];
  const done = new Map<string, Checked>();
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) done.set(next.name, await check(next));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return done;
});

/** The answer in one sentence, with the time. */
export async function Verdict({ timezone }: { timezone: string }) {
  const checked = [...(await checkAll()).values()];
  const broken = checked.filter(({ count }) => count !== null && count > 0).length;
  const late = checked.filter(({ count }) => count === null).length;
  const at = formatInstant(Date.now(), timezone, 'seconds');
  return (
    <p className="text-base text-pretty text-text-2">
      {broken === 0 ? (
        <State kind="good">
          {late === 0
            ? `All ${checked.length} checks hold`
            : `${checked.length - late} of ${checked.length} checks hold`}
        </State>
      ) : (
        <State kind="bad">{broken === 1 ? 'One check does' : `${broken} checks do`} not hold</State>
      )}
      {late > 0 && `, ${late} took too long to finish`}, checked at {at}.
    </p>
  );
}

/** Every check in plain words, with how many rows break it and the first of them. */
export async function Checks() {
  const checked = await checkAll();
  return BOOKS_PARTS.map(({ part, invariants }) => (
    <Section key={part} title={part} aside={`${invariants.length} checks`} className="mt-7">
      <ul className="mt-2">
        {invariants.map(({ name }) => (
          <CheckLine key={name} checked={checked.get(name) ?? { name, count: null }} />
        ))}
      </ul>
    </Section>
  ));
}

function CheckLine({ checked }: { checked: Checked }) {
  const { name, count } = checked;
  return (
    <li className="border-t border-hair py-2">
      <div className="flex gap-4">
        <span className="min-w-0 flex-1 text-pretty">{name}</span>
        {count === null ? (
          <State kind="warn">took too long</State>
        ) : count === 0 ? (
          <State kind="good">holds</State>
        ) : (
          <State kind="bad">{count === 1 ? '1 row does not' : `${count} rows do not`}</State>
        )}
      </div>
      {'rows' in checked && checked.rows.length > 0 && (
        <details className="mt-1">
          <summary className="cursor-pointer text-xs text-text-2">
            {count !== null && count > checked.rows.length
              ? `The first ${checked.rows.length} of them`
              : 'Which'}
          </summary>
          <ul className="mt-1">
            {checked.rows.map((row) => (
              <li
                key={`${row.subject} ${row.detail}`}
                className="flex flex-wrap gap-x-3 py-0.5 text-xs text-text-2"
              >
                <span className="code">{row.subject ?? 'all'}</span>
                <span>{row.detail}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </li>
  );
}
