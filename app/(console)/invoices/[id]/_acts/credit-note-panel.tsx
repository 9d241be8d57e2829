'use client';

import { formatAmount } from '@/components/format-amount';
import { AmountField } from '@/components/ui/amount-field';
import { Checkbox } from '@/components/ui/checkbox';
import { ChoiceCards } from '@/components/ui/choice';
import { ActForm } from './act-form';
import { useInvoiceActs } from './acts-context';
import type { ActLine, InvoiceActFacts } from './types';

type Way = 'credit' | 'refund' | 'offset';

interface Values {
  /** Chosen lines and how much of each, minor units before tax; null while it cannot be read. */
  amounts: Record<string, string | null>;
  as: Way;
}

const first = ({ offsettableMinor, creditableMinor }: InvoiceActFacts): Way =>
  offsettableMinor !== '0' ? 'offset' : creditableMinor !== '0' ? 'credit' : 'refund';

/** Gives back parts of an invoice that stays: as credit, as money, or off what is due on it. */
export function CreditNotePanel() {
  const { facts } = useInvoiceActs();
  const lines = facts.lines.filter(({ leftMinor }) => leftMinor !== '0');
  const only = lines.length === 1 ? lines[0] : lines.find(({ id }) => id === facts.picked?.id);
  const initial: Values = { amounts: only ? { [only.id]: only.leftMinor } : {}, as: first(facts) };
  return (
    <ActForm
      act="credit-note"
      command="credit-notes/give-back"
      initial={initial}
      toInput={({ amounts, as }) => {
        const chosen = Object.entries(amounts);
        if (chosen.length === 0) return { input: null, hint: 'Choose a line.' };
        const given = chosen.flatMap(([feeId, amountMinor]) =>
          amountMinor !== null && amountMinor !== '0' ? [{ feeId, amountMinor }] : [],
        );
        if (given.length < chosen.length) return { input: null, hint: 'Type how much of every chosen line.' };
        return { input: { invoiceId: facts.invoiceId, lines: given, as }, hint: '' };
      }}
      fields={({ amounts, as }, change) => (
        <div className="grid gap-4">
          <fieldset>
            <legend className="mb-1 font-medium">What is given back, before tax</legend>
            {lines.map((line) => (
              <LineAmount
                key={line.id}
                line={line}
                currency={facts.currency}
                amount={amounts[line.id]}
                onAmount={(amount) => {
                  const { [line.id]: _, ...rest } = amounts;
                  change({ amounts: amount === undefined ? rest : { ...rest, [line.id]: amount } });
                }}
              />
            ))}
          </fieldset>
          <Ways facts={facts} as={as} onAs={(way) => change({ as: way })} />
        </div>
      )}
    />
  );
}

function LineAmount({
  line,
  currency,
  amount,
  onAmount,
}: {
  line: ActLine;
  currency: string;
  /** Undefined while the line is not chosen. */
  amount: string | null | undefined;
  onAmount: (amount: string | null | undefined) => void;
}) {
  const left = formatAmount(BigInt(line.leftMinor), currency);
  const whole = line.leftMinor === line.amountMinor;
  const over = amount != null && BigInt(amount) > BigInt(line.leftMinor);
  return (
    <div className="flex items-start gap-3 border-t border-hair py-2 first-of-type:border-t-0">
      <Checkbox
        className="min-h-8 min-w-0 flex-1"
        checked={amount !== undefined}
        onChange={(event) => onAmount(event.target.checked ? line.leftMinor : undefined)}
      >
        <span className="block">{line.name}</span>
        <span className="num block text-xs text-text-3">{whole ? left : `${left} left of it`}</span>
      </Checkbox>
      {amount !== undefined && (
        <AmountField
          ariaLabel={`How much of ${line.name}`}
          className="w-40"
          currency={currency}
          defaultMinor={amount ?? undefined}
          error={over ? `At most ${left}.` : undefined}
          onAmount={onAmount}
        />
      )}
    </div>
  );
}

function Ways({ facts, as, onAs }: { facts: InvoiceActFacts; as: Way; onAs: (way: Way) => void }) {
  const { currency, creditableMinor, refundableMinor, offsettableMinor } = facts;
  const upTo = (minor: string) => (minor === '0' ? '' : `up to ${formatAmount(BigInt(minor), currency)}`);
  return (
    <div>
      <p className="mb-1.5 font-medium" aria-hidden="true">
        Where it goes
      </p>
      <ChoiceCards
        label="Where it goes"
        options={[
          {
            value: 'offset',
            label: 'Off what is due',
            figure: upTo(offsettableMinor),
            detail: offsettableMinor === '0' ? 'Nothing is due on it' : 'They pay less for this invoice',
            notAllowed: offsettableMinor === '0' ? 'Nothing is due on this invoice.' : undefined,
          },
          {
            value: 'credit',
            label: 'Credit for later bills',
            figure: upTo(creditableMinor),
            detail: creditableMinor === '0' ? 'Not for bought credits' : 'Their next bills use it up',
            notAllowed: creditableMinor === '0' ? 'Bought credits are paid back instead.' : undefined,
          },
          {
            value: 'refund',
            label: 'Pay back',
            figure: upTo(refundableMinor),
            detail:
              refundableMinor === '0' ? 'Nothing was paid on it' : 'You send the money; it is recorded here',
            notAllowed: refundableMinor === '0' ? 'Nothing was paid on this invoice.' : undefined,
          },
        ]}
        value={as}
        onChange={onAs}
      />
    </div>
  );
}
