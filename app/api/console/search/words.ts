import { Exact } from '@/lib/billing/money/exact';

/** The acts that can be asked for in words, with the names people use for them. */
const ACTS: {
  act: string;
  title: (name: string) => string;
  kind: 'action' | 'credits' | 'discount';
  words: RegExp;
}[] = [
  {
    act: 'extend-trial',
    title: () => 'Extend trial',
    kind: 'action',
    words: /^(extend(\s+trial)?|trial)\b/i,
  },
  {
    act: 'credits',
    title: () => 'Give credits',
    kind: 'credits',
    words: /^((give|grant)(\s+credits?)?|credits?)\b/i,
  },
  { act: 'discount', title: () => 'Give a discount', kind: 'discount', words: /^(discount|take\s+off)\b/i },
  { act: 'end-trial', title: () => 'End trial', kind: 'action', words: /^end(\s+trial)?\b/i },
  { act: 'pause', title: () => 'Pause', kind: 'action', words: /^pause\b/i },
  { act: 'resume', title: () => 'Resume', kind: 'action', words: /^(resume|unpause)\b/i },
  {
    act: 'change-plan',
    title: () => 'Change plan',
    kind: 'action',
    words: /^(change\s+plan|upgrade|downgrade|plan)\b/i,
  },
];

export const SCREENS: { label: string; detail: string; href: string; words: string }[] = [
  { label: 'Today', detail: 'what needs a person', href: '/', words: 'today home work' },
  { label: 'Customers', detail: 'everybody', href: '/customers', words: 'customers people companies' },
  {
    label: 'Customers, trying',
    detail: 'trials that run',
    href: '/customers?view=trials',
    words: 'trials trying',
  },
  {
    label: 'Customers, owe money',
    detail: 'open bills',
    href: '/customers?view=owes',
    words: 'owes debt unpaid late',
  },
  { label: 'Invoices', detail: 'drafts, open, overdue', href: '/invoices', words: 'invoices bills drafts' },
  { label: 'Payments', detail: 'money in', href: '/payments', words: 'payments money cash failed' },
  { label: 'Plans', detail: 'prices and versions', href: '/plans', words: 'plans prices catalogue' },
  { label: 'New plan', detail: 'with a calculator', href: '/plans/new', words: 'new plan create' },
  {
    label: 'Insights, MRR',
    detail: 'and why it moved',
    href: '/insights',
    words: 'insights mrr revenue movements churn',
  },
  {
    label: 'Insights, use',
    detail: 'by meter',
    href: '/insights?report=use',
    words: 'insights usage use meters',
  },
  {
    label: 'Books',
    detail: 'whether every figure ties',
    href: '/books',
    words: 'books ledger check accounting balance',
  },
  {
    label: 'Activity',
    detail: 'who did what and why',
    href: '/activity',
    words: 'activity audit log history',
  },
  { label: 'Approvals', detail: 'over somebody’s limit', href: '/approvals', words: 'approvals requests' },
  {
    label: 'Team and limits',
    detail: 'who may give what',
    href: '/settings/team',
    words: 'settings team limits roles',
  },
  {
    label: 'Your account',
    detail: 'password, second factor',
    href: '/settings/account',
    words: 'settings account password',
  },
];

export interface Understood {
  /** Words to look for in names, numbers and codes. */
  name: string;
  /** The amount typed, in minor units of two decimals and of none. */
  minors: bigint[];
  amountText: string | null;
  acts: { act: string; title: string; kind: 'action' | 'credits' | 'discount' }[];
  readAs: string[];
}

const AMOUNT = /(?:^|\s)[$€£]?(\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d+(?:\.\d{1,2})?)(?=\s|$)/;

/**
 * What somebody typed into search: an act and its target ("extend trial saltmarsh"), a name and an amount ("pylon 40"),
 * an amount ("37.42") or plain words.
 */
export function understand(text: string): Understood {
  const words = text.trim().replace(/\s+/g, ' ').slice(0, 100);
  const asked = ACTS.find(({ words: pattern }) => pattern.test(words));
  const rest = asked ? words.replace(asked.words, '').trim() : words;
  const amount = AMOUNT.exec(` ${rest} `);
  const number = amount?.[1]?.replaceAll(',', '') ?? null;
  const name = (amount && number ? rest.replace(amount[0].trim(), '') : rest)
    .replace(/\b(for|to|of)\b/gi, '')
    .replace(/\s+/g, ' ')
    .trim();
  const value = number === null ? null : Exact.parse(number);
  const minors = value
    ? [
        ...new Set(
          [value.pow10(2), value].filter((minor) => minor.isInteger()).map((minor) => minor.toBigInt()),
        ),
      ]
    : [];
  const readAs: string[] = [];
  if (asked) readAs.push(`${asked.title(name).toLowerCase()}`);
  if (name) readAs.push(`a name like ${name}`);
  if (value) readAs.push(`an amount of ${value.toDecimalString(2)}`);
  return {
    name,
    minors,
    amountText: value ? value.toDecimalString(2) : null,
    acts: asked ? [{ act: asked.act, title: asked.title(name), kind: asked.kind }] : [],
    readAs: readAs.length > 1 ? readAs : [],
  };
}
