import { Fragment, type ReactNode } from 'react';
import { Figure } from '@/components/invoice/why-panel';

/** Amounts of money and counts above a thousand; days and months stay plain. */
const FIGURES = /((?:−?[$€£¥]|[A-Z]{3}\s)[\d,.]*\d|\d{1,3}(?:,\d{3})+(?:\.\d+)?)/;

/** A sentence with its figures set heavier. */
export function Sentence({ text }: { text: string }): ReactNode {
  return text.split(FIGURES).map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a sentence has no other order than its own
    <Fragment key={index}>{index % 2 === 1 ? <Figure>{part}</Figure> : part}</Fragment>
  ));
}
