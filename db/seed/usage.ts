import { addDays, localDate, startOfDay } from '@/lib/billing/periods/zone';
import type { IncomingEvent } from '@/lib/usage/incoming';
import { type Chance, chanceOf } from './chance.ts';
import type { DemoCustomer } from './customer.ts';
import { PLACES } from './places.ts';
import { readTrace, type TracedRequest } from './trace.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;
/** Rows of the trace that stay together, with the gaps between them, when they are moved to another day. */
const SITTING = 5;

/** An account while it may use the platform. Instants are epoch milliseconds. */
export interface Account {
  externalId: string;
  customer: DemoCustomer;
  /** Half-open spans in which a subscription runs. */
  spans: { from: number; to: number }[];
}

type Usage = IncomingEvent & { timestamp: number };

/** When an account last says anything: the end of the history, or earlier when it went silent. */
function heardUntil({ customer }: Account, now: number): number {
  return now - (customer.use.silent ?? 0) * DAY;
}

function isRunning({ spans }: Account, at: number): boolean {
  return spans.some(({ from, to }) => at >= from && at < to);
}

/** From 0 when the account began to 1 when the history ends. */
function progress({ spans }: Account, at: number, now: number): number {
  const from = spans[0]?.from ?? now;
  return now > from ? (at - from) / (now - from) : 1;
}

function isWeekend(day: string): boolean {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return weekday === 0 || weekday === 6;
}

function event(
  account: Account,
  code: string,
  id: string,
  timestamp: number,
  properties: Record<string, unknown>,
): Usage {
  const { externalId: externalSubscriptionId } = account;
  return {
    transactionId: `${code}-${id}`,
    externalSubscriptionId,
    code,
    timestamp,
    properties,
    preciseTotalAmountMinor: null,
  };
}

/** Each running day's minutes, reported in the evening, and every third day's gigabytes. */
function platformUse(account: Account, now: number): Usage[] {
  const { customer, externalId, spans } = account;
  const { timezone } = PLACES[customer.place];
  const chance = chanceOf(`${externalId} platform`);
  const [first, last] = customer.use.minutes;
  const usage: Usage[] = [];
  const until = heardUntil(account, now);
  let count = 0;
  for (let day = localDate(spans[0]?.from ?? now, timezone); ; day = addDays(day, 1)) {
    const at = startOfDay(day, timezone) + 20 * HOUR + chance.whole(0, 3 * HOUR);
    if (at >= until) break;
    const busy = 0.7 + 0.6 * chance.next();
    count += 1;
    if (!isRunning(account, at)) continue;
    const level = first + (last - first) * progress(account, at, now);
    const minutes = Math.max(1, Math.round(level * busy * (isWeekend(day) ? 0.35 : 1.2)));
    usage.push(event(account, 'compute_minutes', day, at, { minutes }));
    if (count % 3 === 0) {
      const megabytes = Math.round((customer.use.gigabytes ?? level / 40) * 3 * busy * 1_000);
      usage.push(event(account, 'bandwidth', day, at + 60_000, { gigabytes: inThousands(megabytes) }));
    }
  }
  return usage;
}

/** 4120 as "4.120": thousandths as decimal text, without a float. */
function inThousands(count: number): string {
  return `${Math.floor(count / 1_000)}.${String(count % 1_000).padStart(3, '0')}`;
}

interface Sitter {
  account: Account;
  /** Share of the trace's sittings. */
  weight: number;
}

/** A time in working hours of a running day, later days a little likelier because accounts grow; null when there is none. */
function pickTime({ account }: Sitter, chance: Chance, now: number): number | null {
  const { timezone } = PLACES[account.customer.place];
  const from = account.spans[0]?.from ?? now;
  const until = heardUntil(account, now);
  for (let attempt = 0; attempt < 20; attempt++) {
    const day = localDate(from + Math.floor((until - from) * chance.next() ** 0.8), timezone);
    const at = startOfDay(day, timezone) + 8 * HOUR + chance.whole(0, 11 * HOUR);
    if (at < until && isRunning(account, at) && !(isWeekend(day) && chance.next() < 0.7)) return at;
  }
  return null;
}

function pick(sitters: Sitter[], total: number, chance: Chance): Sitter | undefined {
  let left = chance.next() * total;
  return sitters.find(({ weight }) => {
    left -= weight;
    return left < 0;
  });
}

/** Deals one service's requests out: sitting by sitting to an account, all at another time, sizes and gaps unchanged. */
function gatewayUse(accounts: Account[], service: 'chat' | 'code', now: number): Usage[] {
  const trace = readTrace(service === 'chat' ? 'conv' : 'code');
  const chance = chanceOf(`${service} trace`);
  const sitters = accounts.flatMap((account): Sitter[] => {
    const days = account.spans.reduce((sum, { from, to }) => sum + (to - from) / DAY, 0);
    const share = account.customer.use[service] ?? 0;
    return share > 0 ? [{ account, weight: share * days }] : [];
  });
  const total = sitters.reduce((sum, { weight }) => sum + weight, 0);
  const usage: Usage[] = [];
  for (let row = 0; row < trace.length; row += SITTING) {
    const sitter = pick(sitters, total, chance) ?? sitters[0];
    const at = sitter && pickTime(sitter, chance, now);
    if (sitter && at)
      usage.push(...sitting(sitter.account, service, trace.slice(row, row + SITTING), row, at));
  }
  return usage.filter(({ timestamp }) => timestamp < now);
}

function sitting(
  account: Account,
  service: 'chat' | 'code',
  requests: TracedRequest[],
  row: number,
  at: number,
): Usage[] {
  const began = requests[0]?.offset ?? 0;
  return requests.flatMap(({ offset, inputTokens, outputTokens }, place) => {
    const time = at + offset - began;
    const id = `${service}-${row + place}`;
    return [
      event(account, 'gateway_requests', id, time, { service }),
      event(account, 'input_tokens', id, time, { service, tokens: inputTokens }),
      event(account, 'output_tokens', id, time, { service, tokens: outputTokens }),
    ];
  });
}

/** All usage of the history, in order of time. */
export function allUsage(accounts: Account[], now: number): Usage[] {
  const usage = [
    ...accounts.flatMap((account) => platformUse(account, now)),
    ...gatewayUse(accounts, 'chat', now),
    ...gatewayUse(accounts, 'code', now),
  ];
  return usage.sort((one, other) => one.timestamp - other.timestamp);
}
