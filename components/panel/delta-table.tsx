import { cx } from '../ui/cx';
import { WhyFigure } from '../ui/why';
import type { DeltaRow, DueToday, WorkingLine } from './types';

/** Fresh, being worked out (dimmed, with a line that says so), or old because new ones failed (dimmed). */
export type Freshness = 'fresh' | 'working' | 'old';

/** Now, after, difference. On phones the difference folds under the after. */
export function DeltaTable({ rows, freshness }: { rows: readonly DeltaRow[]; freshness: Freshness }) {
  const dimmed = freshness !== 'fresh';
  return (
    <div className={freshness === 'working' ? 'working' : undefined}>
      <table className="delta mt-2">
        <thead>
          <tr>
            <th scope="col" className="w-40 max-md:w-28">
              <span className="sr-only">What</span>
            </th>
            <th scope="col">Now</th>
            <th scope="col">After</th>
            <th scope="col" className="max-md:hidden">
              Difference
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.label} className={cx(row.changed && 'w', dimmed && 'dim') || undefined}>
              <th scope="row">{row.why ? <WhyFigure why={row.why}>{row.label}</WhyFigure> : row.label}</th>
              <td>{row.now}</td>
              <td>
                <span className={row.moved ? 'flash' : undefined}>{row.after}</span>
                {row.changed && row.difference && (
                  <span className="block text-xs font-normal text-text-2 md:hidden">{row.difference}</span>
                )}
              </td>
              <td className="max-md:hidden">{row.difference}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What is due today, line by line with its working; the total is the button's amount. */
export function DueTable({ due, freshness }: { due: DueToday; freshness: Freshness }) {
  const dimmed = freshness !== 'fresh';
  const zeros = due.lines.filter((line) => line.zero);
  const shown = zeros.length > 1 ? due.lines.filter((line) => !line.zero) : due.lines;
  return (
    <div className={freshness === 'working' ? 'working' : undefined}>
      <table className="mt-1.5 w-full [&_td]:border-t [&_td]:border-hair [&_td]:py-1.25 [&_tr:first-child_td]:border-t-0">
        <tbody className={dimmed ? 'dim' : undefined}>
          {shown.map((line) => (
            <tr key={`${line.what} ${line.working}`}>
              <td className="pr-3 align-baseline">
                {line.what}
                <span className="block text-xs text-text-2 md:hidden">{line.working}</span>
              </td>
              <td className="num pr-3 text-text-2 max-md:hidden">{line.working}</td>
              <td className="money align-baseline">
                <span className={line.moved ? 'flash' : undefined}>{line.amount}</span>
              </td>
            </tr>
          ))}
          {zeros.length > 1 && <ZeroLines lines={zeros} />}
          <tr>
            <td className="!border-line font-medium">{due.total.what}</td>
            <td className="!border-line text-text-2 max-md:hidden">{due.total.working}</td>
            <td className="money !border-line font-medium text-ink">
              <span className={due.total.moved ? 'flash' : undefined}>{due.total.amount}</span>
            </td>
          </tr>
        </tbody>
      </table>
    </div>
  );
}

/** "and 4 lines at $0.00": what costs nothing, one press away. */
function ZeroLines({ lines }: { lines: readonly WorkingLine[] }) {
  return (
    <tr>
      <td colSpan={2} className="text-text-3">
        <WhyFigure
          why={lines.map((line) => (
            <span key={line.what} className="block">
              {[line.what, line.working].filter(Boolean).join(': ')}
            </span>
          ))}
        >
          {`and ${lines.length} lines at ${lines[0]?.amount}`}
        </WhyFigure>
      </td>
      <td className="money text-text-3">{lines[0]?.amount}</td>
    </tr>
  );
}
