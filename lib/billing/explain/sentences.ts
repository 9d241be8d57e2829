import type { Working, WorkingRow } from '../invoice/result.ts';
import { Exact } from '../money/exact.ts';
import {
  amountText,
  countText,
  isFree,
  percentText,
  periodText,
  priceText,
  quantityText,
  type Reader,
  zoneText,
} from './words.ts';

/** What a line says of itself in words. */

export interface Subject {
  displayName: string;
  /** "Card", "region eu": which part of the usage the line is about. */
  part: string | null;
}

const VERBS: Record<string, string> = {
  max_agg: 'reached at most',
  latest_agg: 'ended with',
  unique_count_agg: 'had',
  weighted_sum_agg: 'held on average',
};

const rowsOf = (working: Working, kind: string): WorkingRow[] =>
  working.rows.filter((row) => row.kind === kind);

const sumOf = (rows: readonly WorkingRow[]): Exact => Exact.sum(rows.map(({ amount }) => Exact.of(amount)));

function whenText(working: Working, reader: Reader): string {
  return working.period ? ` ${periodText(working.period, reader)}, ${zoneText(reader)}` : '';
}

/** "1.3% each" has no sense, so percentages are told as a share of the volume. */
function costText(row: WorkingRow, working: Working, reader: Reader): string {
  if (working.model === 'graduated_percentage') return `at ${percentText(row.rate ?? '0', reader)}`;
  return `cost ${priceText(Exact.of(row.rate ?? '0'), Exact.of(row.units ?? '0'), reader)}`;
}

function tierSentences(working: Working, reader: Reader): string[] {
  const tiers = rowsOf(working, 'tier').filter(({ units }) => !Exact.of(units ?? '0').isZero());
  const isPercent = working.model === 'graduated_percentage';
  const say = (row: WorkingRow): string => {
    if (isFree(row.rate)) return 'are included';
    return isPercent ? `are charged ${costText(row, working, reader)}` : costText(row, working, reader);
  };
  return tiers.map((row, i) => {
    const quantity = quantityText(row.units ?? '0', reader);
    if (tiers.length === 1) {
      if (!isFree(row.rate)) return `They ${say(row)}.`;
      return row.to
        ? `${includedText(row.to, reader).replace(/\.$/, '')}, and that covers them.`
        : 'They are included.';
    }
    const which = i === 0 ? 'first' : i === tiers.length - 1 ? 'other' : 'next';
    if (i === 0 && isFree(row.rate)) return includedText(row.units ?? '0', reader);
    return `The ${which} ${quantity} ${say(row)}.`;
  });
}

function flatSentence(working: Working, reader: Reader): string[] {
  const flats = rowsOf(working, 'flat');
  const total = sumOf(flats);
  if (total.isZero()) return [];
  const word = flats.length === 1 ? 'A flat fee' : 'Flat fees';
  return [`${word} of ${amountText(total, reader)} ${flats.length === 1 ? 'is' : 'are'} added.`];
}

function volumeSentences(working: Working, reader: Reader): string[] {
  const [row] = rowsOf(working, 'tier');
  if (!row || Exact.of(row.units ?? '0').isZero()) return [];
  const range = row.to
    ? `between ${quantityText(row.from ?? '0', reader)} and ${quantityText(row.to, reader)}`
    : `at ${quantityText(row.from ?? '0', reader)} or more`;
  const cost = isFree(row.rate) ? 'are included' : costText(row, working, reader);
  return [`All of them ${cost}, because the total lies ${range}.`];
}

function packageSentences(working: Working, reader: Reader): string[] {
  const [free] = rowsOf(working, 'free');
  const [packages] = rowsOf(working, 'package');
  const size = quantityText(String(working.properties?.package_size ?? 1), reader);
  const count = Exact.of(packages?.units ?? '0');
  const given = quantityText(String(working.properties?.free_units ?? free?.units ?? '0'), reader);
  if (count.isZero()) return free ? [`They lie within the ${given} that are included.`] : [];
  const included = free ? [includedText(free.units ?? '0', reader)] : [];
  const paid = Exact.of(working.inputs?.pricedUnits ?? working.units).sub(Exact.of(free?.units ?? '0'));
  const who = free ? `The other ${quantityText(paid, reader)}` : 'They';
  const word = count.eq(1) ? 'package' : 'packages';
  const price = amountText(packages?.rate ?? '0', reader);
  return [...included, `${who} fill ${quantityText(count, reader)} ${word} of ${size} at ${price} each.`];
}

/** "The first 50 are included.", "The first one is included." */
function includedText(units: string, reader: Reader): string {
  const one = Exact.of(units).eq(1);
  return `The first ${one ? 'one is' : `${quantityText(units, reader)} are`} included.`;
}

/** "No event costs less than $1.00 or more than $12.00". */
function limitsText({ properties }: Working, reader: Reader): string {
  const { per_transaction_min_amount: least, per_transaction_max_amount: most } = properties ?? {};
  const said = [
    least != null && `less than ${amountText(String(least), reader)}`,
    most != null && `more than ${amountText(String(most), reader)}`,
  ].filter(Boolean);
  return said.length === 0 ? 'Each event has limits' : `No event costs ${said.join(' or ')}`;
}

function percentageSentences(working: Working, reader: Reader): string[] {
  const [free] = rowsOf(working, 'free');
  const [rate] = rowsOf(working, 'rate');
  const [fixed] = rowsOf(working, 'fixed');
  const [clamp] = rowsOf(working, 'clamp');
  const paid = Exact.of(rate?.units ?? '0');
  const sentences = free ? [includedText(free.units ?? '0', reader)] : [];
  if (rate && !paid.isZero()) {
    const of = free ? `the other ${quantityText(paid, reader)}` : 'that';
    sentences.push(
      `${percentText(rate.rate ?? '0', reader)} of ${of} is ${amountText(rate.amount, reader)}.`,
    );
  }
  if (fixed) {
    const count = Exact.of(fixed.units ?? '0');
    const events = `${quantityText(count, reader)} ${count.eq(1) ? 'event' : 'events'}`;
    const verb = count.eq(1) ? 'adds' : 'add';
    sentences.push(
      `${events} at ${amountText(fixed.rate ?? '0', reader)} each ${verb} ${amountText(fixed.amount, reader)}.`,
    );
  }
  if (clamp) {
    const amount = Exact.of(clamp.amount);
    const verb = amount.isNegative() ? 'takes off' : 'adds';
    sentences.push(`${limitsText(working, reader)}, which ${verb} ${amountText(amount.abs(), reader)}.`);
  }
  return sentences;
}

function standardSentences(working: Working, reader: Reader): string[] {
  const [row] = rowsOf(working, 'units');
  if (!row || Exact.of(row.units ?? '0').isZero()) return [];
  if (isFree(row.rate)) return ['They are free.'];
  const one = Exact.of(row.units ?? '0').eq(1);
  const price = priceText(Exact.of(row.rate ?? '0'), Exact.of(row.units ?? '0'), reader);
  return [one ? `It costs ${price.replace(/ each$/, '')}.` : `They cost ${price}.`];
}

function modelSentences(working: Working, reader: Reader): string[] {
  switch (working.model) {
    case 'standard':
      return standardSentences(working, reader);
    case 'graduated':
    case 'graduated_percentage':
      return [...tierSentences(working, reader), ...flatSentence(working, reader)];
    case 'volume':
      return [...volumeSentences(working, reader), ...flatSentence(working, reader)];
    case 'package':
      return packageSentences(working, reader);
    case 'percentage':
      return percentageSentences(working, reader);
    case 'dynamic':
      return [
        `Each event carries its own price; together they come to ${amountText(sumOf(working.rows), reader)}.`,
      ];
    default:
      return [];
  }
}

function usageSentences(working: Working, { part }: Subject, reader: Reader): string[] {
  const units = Exact.of(working.units);
  const verb = VERBS[working.aggregation ?? ''] ?? 'used';
  const count = countText(units, working.unitName, working.metricName, reader);
  const what = part ? `${count} (${part})` : count;
  const opening = `${reader.customerName} ${verb} ${what}${whenText(working, reader)}.`;
  const [before] = rowsOf(working, 'billed_before');
  if (before) {
    const total = countText(
      Exact.of(working.inputs?.pricedUnits ?? working.units),
      working.unitName,
      null,
      reader,
    );
    return [
      opening,
      `With them the total is ${total}.`,
      ...modelSentences(working, reader),
      `${amountText(Exact.of(before.amount).abs(), reader)} of that was billed before.`,
    ];
  }
  const priced = working.inputs?.pricedUnits;
  const shares =
    working.prorated && priced
      ? [
          `Counted by the days they were there, that is ${quantityText(Exact.of(priced).round(5), reader)} for the whole period.`,
        ]
      : working.aggregation === 'weighted_sum_agg'
        ? ['What came or went counts for the time it was there.']
        : [];
  const nothing = units.isZero() && sumOf(working.rows).isZero();
  return [
    opening,
    ...(nothing ? ['Nothing is due for it.'] : [...shares, ...modelSentences(working, reader)]),
  ];
}

function planSentences(working: Working, { displayName }: Subject, reader: Reader): string[] {
  const [row] = rowsOf(working, 'days');
  const opening = `${reader.customerName} pays for ${displayName}${whenText(working, reader)}.`;
  if (!row) return [opening];
  const price = amountText(row.rate ?? '0', reader);
  if (row.days === row.ofDays) return [opening, `The whole period costs ${price}.`];
  const cost = amountText(Exact.of(row.amount).round(6), reader);
  return [
    opening,
    `The whole period of ${row.ofDays} days costs ${price}; ${row.days} of them are billed: ${price} × ${row.days} ÷ ${row.ofDays} = ${cost}.`,
  ];
}

function minimumSentences(working: Working, { displayName }: Subject, reader: Reader): string[] {
  const [row] = rowsOf(working, 'minimum');
  const used = sumOf(rowsOf(working, 'used')).abs();
  if (!row) return [];
  const partial = row.days !== row.ofDays;
  const name = working.kind === 'true_up' ? displayName : 'the plan';
  const minimum = `The minimum for ${name}${whenText(working, reader)} is ${amountText(Exact.of(row.amount).round(6), reader)}`;
  const share = partial
    ? `, ${row.days} of ${row.ofDays} days of ${amountText(row.rate ?? '0', reader)}`
    : '';
  return [
    `${minimum}${share}.`,
    `${reader.customerName} reached ${amountText(used, reader)}, so the rest is billed.`,
  ];
}

function fixedSentences(working: Working, { displayName }: Subject, reader: Reader): string[] {
  const units = quantityText(working.units, reader);
  const opening = `${reader.customerName} has ${units} of ${displayName}${whenText(working, reader)}.`;
  const [paid] = rowsOf(working, 'paid_before');
  const [share] = rowsOf(working, 'share');
  if (paid && share) {
    return [
      opening,
      `The days left cost ${amountText(share.amount, reader)}; ${amountText(Exact.of(paid.amount).abs(), reader)} was paid for them before.`,
    ];
  }
  const priced = working.inputs?.pricedUnits;
  const shares = priced
    ? [`Counted by days, that is ${quantityText(priced, reader)} for the whole period.`]
    : [];
  return [opening, ...shares, ...modelSentences(working, reader)];
}

function itemSentences(working: Working, { displayName }: Subject, reader: Reader): string[] {
  const [row] = rowsOf(working, 'units');
  const units = quantityText(working.units, reader);
  if (working.kind === 'credit') {
    return [
      `${reader.customerName} bought ${units} ${Exact.of(working.units).eq(1) ? 'credit' : 'credits'} at ${amountText(row?.rate ?? '0', reader)} each.`,
    ];
  }
  return [
    `${reader.customerName} bought ${units} of ${displayName}${whenText(working, reader)}, at ${amountText(row?.rate ?? '0', reader)} each.`,
  ];
}

/** The explanation of a line, sentence by sentence. */
export function sentencesOf(working: Working, subject: Subject, reader: Reader): string[] {
  switch (working.kind) {
    case 'subscription':
      return planSentences(working, subject, reader);
    case 'charge':
      return usageSentences(working, subject, reader);
    case 'true_up':
    case 'commitment':
      return minimumSentences(working, subject, reader);
    case 'fixed_charge':
      return fixedSentences(working, subject, reader);
    case 'add_on':
    case 'credit':
      return itemSentences(working, subject, reader);
  }
}
