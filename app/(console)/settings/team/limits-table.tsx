import { Table, Td, Th } from '@/components/ui/table';
import { ROLES, type Role } from '@/db/schema/people';
import { LIMIT_CURRENCY, type Limit, type LimitAct, type Limits, limitWords } from '@/lib/auth/limits';
import { ROLE_NAMES } from '@/lib/auth/rights';
import { LimitMenu, type LimitUnit } from './limit-menu';

type Figure = keyof Limit;

interface Line {
  act: LimitAct;
  /** Said on an act's first line. */
  title?: string;
  what: string;
  figure: Figure;
}

const LINES: Line[] = [
  { act: 'credits', title: 'Free credits', what: 'at a time', figure: 'perAct' },
  { act: 'credits', what: 'one customer, 30 days', figure: 'perCustomer30d' },
  { act: 'credits', what: 'all customers, 30 days', figure: 'perPerson30d' },
  { act: 'discount', title: 'Discount', what: 'up to', figure: 'perAct' },
  { act: 'discount', what: 'for', figure: 'maxBills' },
  { act: 'trial', title: 'Longer trial', what: 'at a time', figure: 'perAct' },
  { act: 'trial', what: 'one customer, 30 days', figure: 'perCustomer30d' },
  { act: 'refund', title: 'Refund', what: 'at a time', figure: 'perAct' },
  { act: 'credit_note', title: 'Credit note', what: 'at a time', figure: 'perAct' },
];

/** Each role's limits side by side; over a limit the same panel goes to somebody who may approve it. */
export function LimitsTable({
  limits,
  mayChange,
}: {
  limits: Record<Role, Limits>;
  /** A founder changes each figure in its place. */
  mayChange: boolean;
}) {
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
                  <LimitFigure line={line} role={role} limit={limits[role][line.act]} mayChange={mayChange} />
                </Td>
              ))}
            </tr>
          ))}
        </tbody>
      </Table>
      <p className="mt-3 text-xs text-text-3">
        Money limits are in {LIMIT_CURRENCY}. A dash: not this role. No one approves their own. Requests end
        after 72 hours.
        {mayChange && ' Press a figure to change it; the change stands in Activity and can be undone.'}
      </p>
    </div>
  );
}

const titleOf = (act: LimitAct) => LINES.find((line) => line.act === act && line.title)?.title;

function LimitFigure({
  line: { act, figure },
  role,
  limit,
  mayChange,
}: {
  line: Line;
  role: Role;
  limit: Limit | undefined;
  mayChange: boolean;
}) {
  if (!limit) {
    return (
      <span className="text-text-3" role="img" aria-label="not this role">
        —
      </span>
    );
  }
  const value = limit[figure];
  const words = limitWords(act, figure);
  const said = value === null ? 'any' : words.say(BigInt(value));
  if (!mayChange || role === 'founder') {
    return value === null ? <span className="text-text-2">any</span> : said;
  }
  return (
    <LimitMenu
      role={role}
      roleName={ROLE_NAMES[role]}
      act={act}
      figure={figure}
      what={words.what}
      said={said}
      value={value === null ? null : String(value)}
      unit={unitOf(act, figure)}
    />
  );
}

function unitOf(act: LimitAct, figure: Figure): LimitUnit {
  if (figure === 'maxBills') return 'bills';
  if (act === 'trial') return 'days';
  return act === 'discount' ? 'percent' : 'money';
}
