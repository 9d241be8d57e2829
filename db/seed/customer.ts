import type { CouponCode, PlanCode } from './catalogue.ts';
import type { Chapter } from './chapters.ts';
import type { PlaceKey } from './places.ts';

/** How much an account uses. Compute is minutes a day, at first and at last; the rest follows from it or is named. */
export interface Use {
  minutes: [first: number, last: number];
  /** Gigabytes sent a day; a fortieth of the minutes when absent. */
  gigabytes?: number;
  /** Which half of the gateway's trace they draw on, and how large their share of it is. */
  chat?: number;
  code?: number;
  /** Nothing has been heard from them for this many days. */
  silent?: number;
}

/** How an account pays: by card at once, by transfer after some days; or it stopped paying some days ago. */
export interface Paying {
  by: 'card' | 'transfer';
  days?: number;
  stopped?: number;
  /** Days an invoice may wait; the company's term (at once) when absent. */
  term?: number;
}

export interface DemoCustomer {
  name: string;
  contact: string;
  place: PlaceKey;
  plan: PlanCode;
  /** Days ago they signed up. */
  joined: number;
  use: Use;
  story: Chapter[];
  paying: Paying;
  /** Bills on the first of the month instead of the day they began. */
  calendar?: boolean;
  /** The coupon they signed up with. */
  code?: CouponCode;
}

type Extra = Partial<Pick<DemoCustomer, 'paying' | 'calendar' | 'story' | 'code'>>;

/** An account in one line; the rest says what is special about it. */
export function customer(
  name: string,
  contact: string,
  place: PlaceKey,
  plan: PlanCode,
  joined: number,
  use: Use,
  { paying = { by: 'card' }, calendar = false, story = [], code }: Extra = {},
): DemoCustomer {
  return { name, contact, place, plan, joined, use, story, paying, calendar, code };
}
