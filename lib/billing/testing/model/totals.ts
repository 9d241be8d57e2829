import type { AppliedCouponFacts, InvoiceFacts, TaxFacts, WalletFacts } from '../../invoice/facts.ts';
import { type Line, linesOf, sumOf } from './bill.ts';
import {
  above,
  type Fraction,
  fraction,
  least,
  minus,
  most,
  NOTHING,
  nearest,
  nearestAt,
  parts,
  plus,
  readOr0,
  times,
  total,
} from './fraction.ts';

/** Semantics 14, one step after another, over lines that are changed in place: as one would do it on paper. */

export interface Paper {
  lines: (Line & { discount: Fraction; tax: Fraction; notes: Fraction })[];
  fees: bigint;
  /** Of each progressive invoice: what is taken back here, and what was too much. */
  early: Record<string, [taken: bigint, excess: bigint]>;
  coupons: Record<string, bigint>;
  subTotal: bigint;
  taxes: Record<string, bigint>;
  taxTotal: bigint;
  notes: Record<string, bigint>;
  wallets: Record<string, bigint>;
  total: bigint;
}

type PaperLine = Paper['lines'][number];

const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const whole = (amount: bigint): Fraction => fraction(amount);
const net = (line: PaperLine): Fraction => minus(whole(line.amount), line.discount);

function targets(coupon: AppliedCouponFacts, lines: PaperLine[], facts: InvoiceFacts): PaperLine[] {
  if (coupon.metricIds.length > 0) {
    return lines.filter(
      ({ kind, metricId }) => kind === 'charge' && coupon.metricIds.includes(metricId ?? ''),
    );
  }
  if (coupon.planIds.length === 0) return lines;
  const planOf = ({ subscriptionId }: PaperLine): string | undefined =>
    facts.subscriptions.find((bill) => bill.subscriptionId === subscriptionId)?.plan.id;
  return lines.filter((line) => coupon.planIds.includes(planOf(line) ?? ''));
}

/** What was billed early, over the lines of its charges by their amounts (semantics 7.2). */
function takeBack(paper: Paper, facts: InvoiceFacts): void {
  for (const { subscriptionId, invoiceId, chargeIds, toCreditMinor } of facts.progressiveCredits) {
    const lines = paper.lines.filter(
      (line) => line.subscriptionId === subscriptionId && chargeIds.includes(line.chargeId ?? ''),
    );
    const billed = sumOf(lines);
    const taken = smaller(toCreditMinor, billed);
    for (const line of lines) {
      if (billed === 0n) break;
      const share = fraction(taken * line.amount, billed);
      line.discount = nearestAt(least(plus(line.discount, share), whole(line.amount)), 5);
    }
    paper.subTotal -= taken;
    paper.early[invoiceId] = [taken, toCreditMinor - taken];
  }
}

function takeCoupons(paper: Paper, facts: InvoiceFacts): void {
  const byAge = [...facts.coupons].sort((a, b) => a.createdAt - b.createdAt);
  const onMetrics = byAge.filter(({ metricIds }) => metricIds.length > 0);
  const onPlans = byAge.filter(({ metricIds, planIds }) => metricIds.length === 0 && planIds.length > 0);
  const rest = byAge.filter(({ metricIds, planIds }) => metricIds.length === 0 && planIds.length === 0);
  let left = paper.subTotal;
  for (const coupon of [...onMetrics, ...onPlans, ...rest]) {
    if (left <= 0n) break;
    if (coupon.type === 'fixed_amount' && coupon.currency !== facts.currency) continue;
    if (coupon.frequency === 'recurring' && (coupon.frequencyDurationRemaining ?? 0) < 1) continue;
    const aimed = targets(coupon, paper.lines, facts);
    const limited = coupon.metricIds.length + coupon.planIds.length > 0;
    const base = limited ? total(aimed.map(net)) : whole(left);
    if (!above(base, NOTHING)) continue;
    const nominal =
      coupon.type === 'percentage'
        ? nearest(parts(times(base, readOr0(coupon.percentageRate)), 100))
        : (coupon.amountMinor ?? 0n) - (coupon.frequency === 'once' ? coupon.usedMinor : 0n);
    const amount = smaller(smaller(nominal, nearest(base)), left);
    if (amount <= 0n) continue;
    for (const line of aimed) {
      const share = parts(times(times(whole(amount), net(line)), fraction(base.under)), base.over);
      line.discount = nearestAt(least(plus(line.discount, share), whole(line.amount)), 5);
    }
    left -= amount;
    paper.coupons[coupon.id] = amount;
  }
  paper.subTotal = left;
}

/** The first level that has a tax (semantics 9.1). */
function taxesFor(line: PaperLine, facts: InvoiceFacts): TaxFacts[] {
  const plan = facts.subscriptions.find(({ subscriptionId }) => subscriptionId === line.subscriptionId)?.plan;
  const own = [
    ...(plan?.charges.find(({ id }) => id === line.chargeId)?.taxes ?? []),
    ...(plan?.fixedCharges.find(({ id }) => id === line.fixedChargeId)?.taxes ?? []),
    ...(line.kind === 'commitment' ? (plan?.commitment?.taxes ?? []) : []),
  ];
  if (own.length > 0) return own;
  if (plan && plan.taxes.length > 0) return plan.taxes;
  return facts.customer.taxes.length > 0 ? facts.customer.taxes : facts.entityTaxes;
}

function addTaxes(paper: Paper, facts: InvoiceFacts): void {
  const raw = new Map<string, Fraction>();
  for (const line of paper.lines) {
    for (const { id, rate } of taxesFor(line, facts)) {
      const due = parts(times(net(line), readOr0(rate)), 100);
      raw.set(id, plus(raw.get(id) ?? NOTHING, due));
      // Wallets look at the tax on the unrounded line.
      const precise = parts(times(minus(nearestAt(line.precise, 15), line.discount), readOr0(rate)), 100);
      line.tax = plus(line.tax, precise);
    }
    line.tax = nearestAt(line.tax, 15);
  }
  for (const [id, due] of raw) paper.taxes[id] = nearest(due);
  paper.taxTotal = nearest(total([...raw.values()]));
}

const asked = (line: PaperLine): Fraction => most(minus(plus(net(line), line.tax), line.notes), NOTHING);

function takeNotes(paper: Paper, facts: InvoiceFacts): void {
  for (const note of [...facts.creditNotes].sort((a, b) => a.createdAt - b.createdAt)) {
    if (note.currency !== facts.currency) continue;
    const amount = smaller(note.balanceMinor, paper.total);
    if (amount <= 0n) continue;
    const all = paper.lines.map(asked);
    const sum = total(all);
    paper.lines.forEach((line, i) => {
      if (!above(sum, NOTHING)) return;
      const share = parts(times(times(whole(amount), all[i]!), fraction(sum.under)), sum.over);
      line.notes = nearestAt(plus(line.notes, share), 5);
    });
    paper.total -= amount;
    paper.notes[note.id] = amount;
  }
}

const mayPay = (wallet: WalletFacts, line: Line): boolean => {
  const { allowedFeeTypes: kinds, allowedMetricIds: metrics } = wallet;
  return (
    kinds.length + metrics.length === 0 || kinds.includes(line.kind) || metrics.includes(line.metricId ?? '')
  );
};

function takeWallets(paper: Paper, facts: InvoiceFacts): void {
  const names = [...new Set(paper.lines.map(({ kind, metricId }) => `${kind} ${metricId}`))];
  const buckets = names.map((name) => {
    const own = paper.lines.filter(({ kind, metricId }) => `${kind} ${metricId}` === name);
    return { line: own[0]!, left: total(own.map(asked)) };
  });
  buckets.sort((a, b) => (above(b.left, a.left) ? 1 : above(a.left, b.left) ? -1 : 0));
  const missing = minus(whole(paper.total), total(buckets.map(({ left }) => left)));
  if (buckets[0] && above(missing, NOTHING) && !above(missing, fraction(buckets.length))) {
    buckets[0].left = plus(buckets[0].left, missing);
  }
  const wallets = [...facts.wallets].sort((a, b) => a.priority - b.priority || a.createdAt - b.createdAt);
  for (const wallet of wallets) {
    if (wallet.currency !== facts.currency || wallet.balanceMinor <= 0n) continue;
    const limit = smaller(wallet.balanceMinor, paper.total);
    let taken = NOTHING;
    for (const bucket of buckets) {
      if (!mayPay(wallet, bucket.line)) continue;
      const part = least(bucket.left, minus(whole(limit), taken));
      bucket.left = minus(bucket.left, part);
      taken = plus(taken, part);
    }
    const amount = smaller(nearest(taken), limit);
    if (amount <= 0n) continue;
    paper.total -= amount;
    paper.wallets[wallet.id] = amount;
  }
}

/** The invoice that the facts make, worked out a second way. */
export function onPaper(facts: InvoiceFacts): Paper {
  const lines = facts.subscriptions
    .flatMap((bill) => linesOf(bill, facts))
    .map((line) => ({ ...line, discount: NOTHING, tax: NOTHING, notes: NOTHING }));
  const fees = sumOf(lines);
  const paper: Paper = {
    lines,
    fees,
    early: {},
    coupons: {},
    subTotal: fees,
    taxes: {},
    taxTotal: 0n,
    notes: {},
    wallets: {},
    total: 0n,
  };
  takeBack(paper, facts);
  if (facts.stage === 'final') takeCoupons(paper, facts);
  addTaxes(paper, facts);
  paper.total = paper.subTotal + paper.taxTotal;
  if (facts.stage === 'final') {
    takeNotes(paper, facts);
    takeWallets(paper, facts);
  }
  return paper;
}
