import { formatInstant } from '@/components/format-date';
import { comingDue } from '@/lib/queries/console/today';
import { reading } from '../_reading/tenant';

/** What goes out by itself next. */
export async function ComingUp() {
  const { due, now, person } = await reading(async (read) => ({
    due: await comingDue(read.tx, read.organizationId, read.now),
    now: read.now,
    person: read.person,
  }));
  const day = (instant: number) => formatInstant(instant, person.timezone, 'weekday', now);
  const lines = [
    due.drafts > 0 &&
      due.nextRelease !== null && [
        `${due.drafts} ${due.drafts === 1 ? 'draft goes' : 'drafts go'} out`,
        `from ${day(due.nextRelease)}`,
      ],
    due.bills > 0 &&
      due.billsOn !== null && [
        `${due.bills} ${due.bills === 1 ? 'bill goes' : 'bills go'} out in 7 days`,
        `from ${day(due.billsOn)}`,
      ],
    due.bills === 0 && due.billsOn !== null && ['The next bill is made', day(due.billsOn)],
  ].filter((line): line is [string, string] => Array.isArray(line));
  return (
    <>
      <h2 className="mt-5 font-semibold tracking-normal">Coming up</h2>
      <ul className="mt-2 text-text-2">
        {lines.map(([what, when]) => (
          <li key={what} className="flex gap-3 border-t border-hair py-2">
            <span className="flex-1">{what}</span>
            <span className="num">{when}</span>
          </li>
        ))}
        {lines.length === 0 && <li className="border-t border-hair py-2">Nothing is dated yet.</li>}
      </ul>
    </>
  );
}
