'use client';

import { AmountField } from '@/components/ui/amount-field';
import { Picks, Seg } from '@/components/ui/choice';
import { TextField } from '@/components/ui/field';
import { Exact } from '@/lib/billing/money/exact';
import { ActForm } from './act-form';
import { useActs } from './acts-context';

const PERCENTS = ['10', '20', '50'] as const;
const BILLS = ['1', '2', '3', '6', '12', 'forever'] as const;

interface Values {
  kind: 'percent' | 'amount';
  percent: string;
  amountMinor: string | null;
  bills: (typeof BILLS)[number];
}

/** A percent as it is sent: above 0, at most 100, two decimals at most. Null when it is not one. */
function percentOf(text: string): string | null {
  const value = Exact.parse(text.trim().replace(',', '.').replace(/\s*%$/, ''));
  if (!value || value.lte(0) || value.gt(100) || !value.eq(value.round(2))) return null;
  return value.toString();
}

/** A discount on the next bills: a share or an amount, and for how many of them. */
export function DiscountPanel() {
  const { facts } = useActs();
  const initial: Values = { kind: 'percent', percent: '', amountMinor: null, bills: '2' };
  return (
    <ActForm
      act="discount"
      command="discounts/apply-discount"
      initial={initial}
      toInput={({ kind, percent, amountMinor, bills }) => {
        const length = { customerId: facts.customerId, bills: bills === 'forever' ? null : Number(bills) };
        if (kind === 'percent') {
          const share = percentOf(percent);
          return {
            input: share ? { ...length, percent: share } : null,
            hint: 'Choose how much, up to 100%.',
          };
        }
        const some = amountMinor !== null && BigInt(amountMinor) > 0n;
        return {
          input: some ? { ...length, amountMinor, currency: facts.currency } : null,
          hint: 'Type an amount.',
        };
      }}
      fields={(values, change) => (
        <div className="grid gap-4">
          <Seg
            label="Discount as"
            className="w-fit"
            options={[
              { value: 'percent', label: 'Percent' },
              { value: 'amount', label: 'Amount' },
            ]}
            value={values.kind}
            onChange={(kind) => change({ kind })}
          />
          {values.kind === 'percent' ? (
            <div className="flex flex-wrap items-center gap-2">
              <Picks
                label="Share of the bill"
                options={PERCENTS.map((value) => ({ value, label: `${value}% off` }))}
                value={PERCENTS.find((value) => value === values.percent) ?? null}
                onChange={(percent) => change({ percent })}
              />
              <span className="ml-2 text-text-2 max-md:ml-0">or</span>
              <TextField
                aria-label="Percent off"
                className="w-28"
                inputMode="decimal"
                autoComplete="off"
                after="% off"
                written={values.percent !== ''}
                value={values.percent}
                onChange={(event) => change({ percent: event.target.value })}
                error={
                  values.percent !== '' && !percentOf(values.percent) ? 'Between 0.01 and 100.' : undefined
                }
              />
            </div>
          ) : (
            <AmountField
              label="Off each bill"
              className="max-w-60"
              currency={facts.currency}
              defaultMinor={values.amountMinor ?? undefined}
              onAmount={(amountMinor) => change({ amountMinor })}
            />
          )}
          <div>
            <p className="mb-1.5 font-medium">For how many bills</p>
            <Picks
              label="For how many bills"
              options={BILLS.map((value) => ({
                value,
                label: value === 'forever' ? 'forever' : value === '1' ? '1 bill' : `${value} bills`,
              }))}
              value={values.bills}
              onChange={(bills) => change({ bills })}
            />
          </div>
        </div>
      )}
    />
  );
}
