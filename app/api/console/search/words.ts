import type { Right } from '@/lib/auth/rights';
import { Exact } from '@/lib/billing/money/exact';

/** The acts that can be asked for in words, with the names people use for them. */
const ACTS: {
  act: string;
  title: (name: string) => string;
  kind: 'action' | 'credits' | 'discount';
  words: RegExp;
  /** Said after the name: "give saltmarsh credits". */
  again?: RegExp;
}[] = [
  {
    act: 'extend-trial',
    title: () => 'Extend trial',
    kind: 'action',
    words: /^(extend(\s+trial)?|trial)\b/i,
    again: /\btrial\b/i,
  },
  {
    act: 'credits',
    title: () => 'Give credits',
    kind: 'credits',
    words: /^((give|grant)(\s+credits?)?|credits?)\b/i,
    again: /\bcredits?\b/i,
  },
  {
    act: 'discount',
    title: () => 'Give a discount',
    kind: 'discount',
    words: /^((give\s+)?(a\s+)?discount\b|take\s+off\b|\d+(\.\d+)?\s?%(\s+(off|discount)\b)?)/i,
  },
  {
    act: 'refund',
    title: () => 'Choose the bill to give money back on',
    kind: 'action',
    words: /^(refund|credit\s+note|money\s+back|pay\s+back)\b/i,
  },
  {
    act: 'start',
    title: () => 'Start a subscription',
    kind: 'action',
    words: /^(start(\s+(an?\s+)?(new\s+)?(subscription|plan))?|subscribe|(add|new)\s+(a\s+)?subscription)\b/i,
  },
  { act: 'end-trial', title: () => 'End trial', kind: 'action', words: /^end(\s+trial)?\b/i },
  { act: 'pause', title: () => 'Pause', kind: 'action', words: /^pause\b/i },
  { act: 'resume', title: () => 'Resume', kind: 'action', words: /^(resume|unpause)\b/i },
  {
    act: 'change-plan',
    title: () => 'Change plan',
    kind: 'action',
    words: /^(change\s+plan|change|upgrade|downgrade|plan)\b/i,
    again: /\bplan\b/i,
  },
];

const SCREENS: { label: string; detail: string; href: string; words: string; right?: Right }[] = [
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
    words: 'owes owing debts unpaid late overdue money',
  },
  { label: 'Invoices', detail: 'drafts, open, overdue', href: '/invoices', words: 'invoices bills drafts' },
  { label: 'Payments', detail: 'money in', href: '/payments', words: 'payments money cash failed' },
  { label: 'Plans', detail: 'prices and versions', href: '/plans', words: 'plans prices catalogue' },
  {
    label: 'Deals',
    detail: 'codes and what they give',
    href: '/deals',
    words: 'deals codes campaigns coupons',
  },
  {
    label: 'Add customer',
    detail: 'name, id, currency, time zone',
    href: '/customers/new',
    words: 'add new create a customer',
    right: 'customers.write',
  },
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
    words: 'settings team limits roles people members invite',
  },
  {
    label: 'API keys',
    detail: 'what programs may do',
    href: '/settings/keys',
    words: 'settings api keys tokens programs',
  },
  {
    label: 'Webhooks',
    detail: 'what your systems are told',
    href: '/settings/webhooks',
    words: 'settings webhooks endpoints events',
  },
  {
    label: 'API log',
    detail: 'what programs asked',
    href: '/settings/api-log',
    words: 'settings api log calls errors',
  },
  {
    label: 'Help and keys',
    detail: 'what the screens say',
    href: '/help',
    words: 'help keyboard shortcuts manual',
  },
  {
    label: 'Your account',
    detail: 'password, second factor',
    href: '/settings/account',
    words: 'settings account password second factor recovery codes',
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

const said = (text: string, pattern: RegExp): number => pattern.exec(text)?.[0].length ?? 0;

const SMALL_WORDS = new Set(['a', 'all', 'go', 'me', 'my', 'open', 'show', 'the', 'to', 'who']);

/** The screens these words name; the first few when there are none. */
export function screensNamed(name: string): typeof SCREENS {
  const parts = name
    .toLowerCase()
    .split(' ')
    .filter((part) => part && !SMALL_WORDS.has(part));
  if (parts.length === 0) return name === '' ? SCREENS.slice(0, 8) : [];
  return SCREENS.filter(({ label, words }) =>
    parts.every((part) => `${label} ${words}`.toLowerCase().includes(part)),
  ).slice(0, 4);
}

/**
 * What somebody typed into search: an act and its target ("extend trial saltmarsh"), a name and an amount ("pylon 40"),
 * an amount ("37.42") or plain words.
 */
export function understand(text: string): Understood {
  const words = text.trim().replace(/\s+/g, ' ').slice(0, 100);
  // The longest reading wins: "credit note" is not credits for somebody called "note".
  const [asked] = ACTS.filter(({ words: pattern }) => pattern.test(words)).sort(
    (a, b) => said(words, b.words) - said(words, a.words),
  );
  const after = asked ? words.replace(asked.words, '') : words;
  const rest = (asked?.again ? after.replace(asked.again, '') : after).trim();
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
