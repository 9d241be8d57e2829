import { formatAmount } from './format-amount';
import { cx } from './ui/cx';

export interface MoneyProps {
  /** Minor units; null is unknown or does not apply, shown as a dash. */
  amount: bigint | string | null;
  currency: string;
  /** An estimate: the word "about" stands before it. */
  about?: boolean;
  /** A difference: "+" before amounts above zero. */
  sign?: boolean;
  /** The currency's code after it, where currencies meet. */
  code?: boolean;
  /** No longer true: ruled through. */
  was?: boolean;
  /** What a person chose or is about to change: ink. */
  written?: boolean;
  /** Just changed: tinted once. */
  flash?: boolean;
  /** Zero is printed like any other amount, as in a total. */
  plainZero?: boolean;
  className?: string;
}

/** An amount of money: tabular digits, zero in the quietest grey, never red for being below zero. */
export function Money(props: MoneyProps) {
  const { currency, about, sign, code, was, written, flash, plainZero, className } = props;
  if (props.amount === null) return <span className={cx('text-text-3', className)}>—</span>;
  const amount = BigInt(props.amount);
  const tone = was
    ? 'text-text-3 line-through'
    : written
      ? 'font-medium text-ink'
      : amount === 0n && !plainZero
        ? 'text-text-3'
        : undefined;
  return (
    <span className={cx('num', tone, flash && 'flash', className)}>
      {about && <span className={cx('mr-1', !written && 'font-normal text-text-3')}>about</span>}
      {formatAmount(amount, currency, { sign })}
      {code && <span className="ml-1 text-xs font-normal text-text-3">{currency}</span>}
    </span>
  );
}
