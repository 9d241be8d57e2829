import type { ReactNode } from 'react';
import { CheckIcon } from '../ui/icons';
import { Stub } from '../ui/stub';
import type { Receipt } from './types';

/** What stays after the act: before and now, by whom and why, and below the tear the way back. */
export function ReceiptStub({ receipt, undoAction }: { receipt: Receipt; undoAction?: ReactNode }) {
  const { title, at, rows, story, undo } = receipt;
  return (
    <Stub
      label={`Receipt: ${title}`}
      top={
        <>
          <p className="flex items-center gap-2">
            <span className="grid size-5 flex-none place-items-center rounded-full bg-good-tint text-good">
              <CheckIcon small />
            </span>
            <span className="flex-1 font-semibold">{title}</span>
            <span className="num text-xs text-text-3">{at}</span>
          </p>
          <table className="delta mt-3">
            <thead>
              <tr>
                <th scope="col">
                  <span className="sr-only">What</span>
                </th>
                <th scope="col">Before</th>
                <th scope="col">Now</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.label} className={row.changed ? 'w' : undefined}>
                  <th scope="row" className="min-w-21">
                    {row.label}
                  </th>
                  <Figure value={row.before} />
                  <Figure value={row.now} />
                </tr>
              ))}
            </tbody>
          </table>
          <p className="mt-2.5 border-t border-hair pt-2.5 text-xs leading-5 text-text-2">{story}</p>
        </>
      }
      bottom={
        <div className="flex items-center gap-3">
          <p className="min-w-0 flex-1 text-xs leading-4 text-text-2">
            <span className="font-medium text-text">{undo.headline}</span>
            {undo.detail}
          </p>
          {undoAction}
        </div>
      }
    />
  );
}

/** An amount stays in one piece; words may take a second line, so that the names of the rows keep their room. */
function Figure({ value }: { value: string }) {
  return <td className={/ \d{1,2} /.test(value) ? 'whitespace-normal' : undefined}>{value}</td>;
}
