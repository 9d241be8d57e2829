'use client';

import { Checkbox } from '@/components/ui/checkbox';
import { ChoiceCards } from '@/components/ui/choice';

export type Reach = 'everything' | 'read' | 'events' | 'chosen';

export interface PermissionGroup {
  group: string;
  permissions: readonly { code: string; words: string; access: readonly ('read' | 'write')[] }[];
}

const REACHES: readonly { value: Reach; label: string; detail: string }[] = [
  { value: 'everything', label: 'Everything', detail: 'Reads and writes all the API offers' },
  { value: 'read', label: 'Read everything', detail: 'For reports and exports' },
  { value: 'events', label: 'Only send usage', detail: 'Reads nothing; for your product' },
  { value: 'chosen', label: 'Choose', detail: 'One kind of thing at a time' },
];

/** What a key may do, in four ways. */
export function ReachChoice({
  reach,
  onReach,
  error,
}: {
  reach: Reach;
  onReach: (reach: Reach) => void;
  error?: string;
}) {
  return (
    <div>
      <p className="mb-1.5 font-medium">It may</p>
      <ChoiceCards label="It may" name="reach" options={REACHES} value={reach} onChange={onReach} />
      {error && (
        <p role="alert" className="mt-1 text-xs text-bad">
          {error}
        </p>
      )}
    </div>
  );
}

/** Every kind of thing the API serves, to be read, to be written, or both. */
export function Permissions({
  groups,
  boxes,
  onBoxes,
}: {
  groups: readonly PermissionGroup[];
  boxes: readonly string[];
  onBoxes: (boxes: readonly string[]) => void;
}) {
  const tick = (box: string, on: boolean) =>
    onBoxes(on ? [...boxes, box] : boxes.filter((other) => other !== box));
  return (
    <table className="w-full [&_td]:border-t [&_td]:border-hair [&_tbody_th]:border-t [&_tbody_th]:border-hair">
      <caption className="sr-only">What it may read and write</caption>
      <thead>
        <tr className="text-xs text-text-3">
          <th scope="col">
            <span className="sr-only">What</span>
          </th>
          <th scope="col" className="w-14 pb-1 !text-center font-medium">
            Read
          </th>
          <th scope="col" className="w-14 pb-1 !text-center font-medium">
            Write
          </th>
        </tr>
      </thead>
      {groups.map(({ group, permissions }) => (
        <tbody key={group}>
          <tr>
            <th scope="rowgroup" colSpan={3} className="pt-3 pb-1 text-left text-xs font-medium text-text-3">
              {group}
            </th>
          </tr>
          {permissions.map(({ code, words, access }) => (
            <tr key={code}>
              <th scope="row" className="py-1.5 text-left font-normal">
                {words}
              </th>
              {(['read', 'write'] as const).map((mode) => (
                <td key={mode} className="text-center">
                  {access.includes(mode) ? (
                    <Checkbox
                      name="may"
                      value={`${code}:${mode}`}
                      aria-label={`${mode === 'read' ? 'Read' : 'Write'} ${words.toLowerCase()}`}
                      checked={boxes.includes(`${code}:${mode}`)}
                      onChange={(event) => tick(`${code}:${mode}`, event.target.checked)}
                    />
                  ) : (
                    <span className="text-text-3">—</span>
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      ))}
    </table>
  );
}
