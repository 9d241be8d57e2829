import { Fragment, type ReactNode } from 'react';
import { includedIn, periodWords, priceWords, unitWords } from '@/components/features/price-words';
import { formatAmount } from '@/components/format-amount';
import { zonePlace } from '@/components/format-date';
import { Figure } from '@/components/invoice/why-panel';
import { Exact } from '@/lib/billing/money/exact';
import { formatQuantity } from '@/lib/billing/money/format';
import type { InvoiceCredit, InvoiceDocument, InvoiceFee } from '@/lib/queries/console/invoice';
import { feeName, spanWords } from './lines';
import { storedRows } from './working';

/** A sentence as pieces: plain words and figures, so that the page sets figures heavier and "copy" leaves them plain. */
export type Words = (string | { figure: string })[];

const figure = (text: string) => ({ figure: text });

function chargeWords(fee: InvoiceFee, who: string, timezone: string): Words {
  const unit = unitWords(fee.unitName, fee.metricName ?? fee.name);
  const span = spanWords(fee.from, fee.to, timezone);
  const units = formatQuantity(fee.units);
  const words: Words = [
    `${who} used `,
    figure(units),
    ` ${Exact.of(fee.units).eq(1) ? unit.one : unit.many}${span ? ` from ${span}, ${zonePlace(timezone)} time` : ''}. `,
  ];
  const properties = fee.chargeProperties ?? {};
  const included = fee.filtered ? null : includedIn(fee.chargeModel ?? '', properties);
  if (included && Exact.of(fee.units).lte(included)) {
    return [
      ...words,
      'The first ',
      figure(formatQuantity(included)),
      ' are included, so this costs nothing.',
    ];
  }
  const price = fee.filtered ? null : priceWords(fee.chargeModel ?? '', properties, fee.currency, unit);
  return price && price !== 'No price yet'
    ? [...words, `The price: ${price.charAt(0).toLowerCase()}${price.slice(1)}.`]
    : words;
}

function planWords(fee: InvoiceFee, who: string, timezone: string): Words {
  const span = spanWords(fee.from, fee.to, timezone);
  const days = storedRows(fee).find((row) => row.days !== undefined && row.ofDays !== undefined);
  const words: Words = [`${who} has ${fee.planName ?? feeName(fee)}${span ? ` for ${span}` : ''}. `];
  if (days && days.days !== days.ofDays) {
    const full = fee.amountDetails?.plan_amount_cents;
    const whole = full === undefined ? null : formatAmount(BigInt(String(full)), fee.currency);
    return [
      ...words,
      'Only ',
      figure(`${days.days} of ${days.ofDays} days`),
      whole ? ' of ' : ' are charged.',
      ...(whole ? [figure(whole), ' are charged.'] : []),
    ];
  }
  return [
    ...words,
    'It costs ',
    figure(formatAmount(BigInt(fee.amountMinor), fee.currency)),
    ` ${periodWords(fee.planInterval ?? 'monthly')}.`,
  ];
}

/** Why a line is what it is, in one or two sentences. */
export function feeWords(fee: InvoiceFee, { head }: InvoiceDocument): Words {
  const who = head.customerName;
  if (fee.trueUpOf || fee.feeType === 'commitment') {
    return ['What was used comes to less than the agreed minimum. This line adds the rest.'];
  }
  if (fee.feeType === 'charge') return chargeWords(fee, who, head.timezone);
  if (fee.feeType === 'subscription') return planWords(fee, who, head.timezone);
  if (fee.feeType === 'credit') return ['Paid credits that were bought, each at its price.'];
  return [figure(formatQuantity(fee.units)), ` of ${feeName(fee)}, billed once each.`];
}

/** Why a credit lowered the bill. */
export function creditWords(credit: InvoiceCredit, { head }: InvoiceDocument): Words {
  const amount = figure(formatAmount(BigInt(credit.amountMinor), head.currency));
  switch (credit.kind) {
    case 'coupon':
      return [`The discount “${credit.name}” takes `, amount, ' off this bill, before tax.'];
    case 'credit_note':
      return [`Credit note ${credit.name} pays `, amount, ' of this bill.'];
    case 'wallet':
      return [`${head.customerName} had credits. `, amount, ' of them paid a part of this bill.'];
    default:
      return ['A bill made early already took ', amount, ' of this use.'];
  }
}

export const plainWords = (words: Words): string =>
  words.map((word) => (typeof word === 'string' ? word : word.figure)).join('');

export function Sentence({ words }: { words: Words }): ReactNode {
  return words.map((word, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a sentence has no other order than its own
    <Fragment key={index}>{typeof word === 'string' ? word : <Figure>{word.figure}</Figure>}</Fragment>
  ));
}
