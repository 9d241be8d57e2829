import { formatAmount } from '@/components/format-amount';
import { Table, Td, Th } from '@/components/ui/table';
import { ROLES, type Role } from '@/db/schema/people';
import { LIMIT_CURRENCY, type Limit, type LimitAct, type Limits } from '@/lib/auth/limits';
import { ROLE_NAMES } from '@/lib/auth/rights';

type Figure = keyof Limit;
type Say = (figure: bigint | number) => string;

const money: Say = (figure) => formatAmount(BigInt(figure), LIMIT_CURRENCY);
const days: Say = (figure) => `${figure} days`;
const bills: Say = (figure) => `${figure} bills`;
const percent: Say = (hundredths) => `${BigInt(hundredths) / 100n}%`;

interface Line {
  act: LimitAct;
  /** Said on an act's first line. */
  title?: string;
  what: string;
  figure: Figure;
  say: Say;
}

const LINES: Line[] = [
  { act: 'credits', title: 'Free credits', what: 'at a time', figure: 'perAct', say: money },
  { act: 'credits', what: 'one customer, 30 days', figure: 'perCustomer30d', say: money },
  { act: 'credits', what: 'all customers, 30 days', figure: 'perPerson30d', say: money },
  { act: 'discount', title: 'Discount', what: 'up to', figure: 'perAct', say: percent },
  { act: 'discount', what: 'for', figure: 'maxBills', say: bills },
  { act: 'trial', title: 'Longer trial', what: 'at a time', figure: 'perAct', say: days },
  { act: 'trial', what: 'one customer, 30 days', figure: 'perCustomer30d', say: days },
  { act: 'refund', title: 'Refund', what: 'at a time', figure: 'perAct', say: money },
  { act: 'credit_note', title: 'Credit note', what: 'at a time', figure: 'perAct', say: money },
];

/** Each role's limits side by side; over a limit the same panel goes to somebody who may approve it. */
export function LimitsTable({ limits }: { limits: Record<Role, Limits> }) {
  return (
    <div className="-mx-8 mt-1 overflow-x-auto px-8 max-md:-mx-4 max-md:px-4">
      <Table label="Limits by role" tight bare>
        <thead>
          <tr>
            <Th>
              <span className="sr-only">Act</span>
            </Th>
            <Th>
              <span className="sr-only">Measured how</span>
            </Th>
            {ROLES.map((role) => (
              <Th key={role} r>
                {ROLE_NAMES[role]}
              </Th>
            ))}
          </tr>
        </thead>
        <tbody>
          {LINES.map((line) => (
            <tr key={`${line.act} ${line.what}`}>
              <Td className="font-medium">
                {line.title ?? <span className="sr-only">{titleOf(line.act)}</span>}
              </Td>
              <Td quiet>{line.what}</Td>
              {ROLES.map((role) => (
                <Td key={role} r>
                  <LimitFigure line={line} limit={limits[role][line.act]} />
                </Td>
              ))}
            </tr>
          ))}
        </tbody>
      </Table>
      <p className="mt-3 text-xs text-text-3">
        Money limits are in {LIMIT_CURRENCY}. A dash: not this role. No one approves their own. Requests end
        after 72 hours.
      </p>
    </div>
  );
}

const titleOf = (act: LimitAct) => LINES.find((line) => line.act === act && line.title)?.title;

function LimitFigure({ line, limit }: { line: Line; limit: Limit | undefined }) {
  if (!limit) {
    return (
      <span className="text-text-3" role="img" aria-label="not this role">
        —
      </span>
    );
  }
  const figure = limit[line.figure];
  return figure === null ? <span className="text-text-2">any</span> : line.say(figure);
}
