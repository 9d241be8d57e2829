import { type DateStyle, formatInstant, formatRelative, zonePlace } from './format-date';
import { cx } from './ui/cx';

export interface DateTextProps {
  /** Epoch milliseconds. */
  instant: number;
  /** Whose day it is, for example "America/Halifax". */
  tz: string;
  style?: DateStyle;
  /** The organisation's clock; decides whether the year is said. */
  now?: number;
  /** Prints the place when it is not the reader's: "Fri 30 Oct, Halifax". */
  zone?: boolean;
  was?: boolean;
  written?: boolean;
  className?: string;
}

/** A date or a time, in the zone it belongs to. */
export function DateText({ instant, tz, style, now, zone, was, written, className }: DateTextProps) {
  return (
    <time
      dateTime={new Date(instant).toISOString()}
      className={cx('num', was && 'text-text-3 line-through', written && 'font-medium text-ink', className)}
    >
      {formatInstant(instant, tz, style, now)}
      {zone && <span className="text-text-3">, {zonePlace(tz)}</span>}
    </time>
  );
}

/** "12 minutes ago, 10:12": never the relative text alone. */
export function RelativeTime({
  instant,
  now,
  tz,
  className,
}: {
  instant: number;
  now: number;
  tz: string;
  className?: string;
}) {
  const today = formatInstant(instant, tz, 'full') === formatInstant(now, tz, 'full');
  return (
    <time dateTime={new Date(instant).toISOString()} className={cx('num', className)}>
      {formatRelative(instant, now)}
      <span className="text-text-3">, {formatInstant(instant, tz, today ? 'time' : 'moment', now)}</span>
    </time>
  );
}
