import { Card } from '@/components/ui/surface';

const LINES: [string, string][] = [
  ['In', 'base prices, at the customer’s own price; late payers; a year counts as a twelfth'],
  ['Not in', 'trials, use, one-off items, tax, credits, discounts of one bill'],
];

/** What MRR means here, so that the figure needs no footnote elsewhere. */
export function Definition({ currency }: { currency: string }) {
  return (
    <Card label="Definition" sunken className="!p-5">
      <div className="flex items-baseline">
        <h2 className="flex-1 tracking-normal">What MRR means here</h2>
        <span className="text-xs text-text-3">version 1</span>
      </div>
      <p className="mt-2 leading-5 text-pretty text-text-2">
        Fixed monthly prices of customers who are paying or late, less discounts that last more than one bill.
      </p>
      <dl className="mt-3">
        {LINES.map(([word, meaning]) => (
          <div key={word} className="flex gap-3 border-t border-line py-1.75">
            <dt className="w-14 flex-none text-text-2">{word}</dt>
            <dd>{meaning}</dd>
          </div>
        ))}
        <div className="flex gap-3 border-t border-line pt-1.75">
          <dt className="w-14 flex-none text-text-2">{currency}</dt>
          <dd>alone; currencies are never added up</dd>
        </div>
      </dl>
    </Card>
  );
}
