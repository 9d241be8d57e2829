export interface TrialStripProps {
  /** Lengths in days, for the drawing. */
  freeDays: number;
  addedDays: number;
  paidDays: number;
  /** Days from the start until today; left out when today is outside the strip. */
  todayAt?: number;
  /** Under the strip: "17 Sep", "16 Oct", "30 Oct", "16 Nov". */
  start: string;
  freeEnd: string;
  addedEnd?: string;
  end: string;
  /** On the parts: "free, 30 days", "14 more", "pays $140.00 a month" and a shorter form for phones. */
  freeLabel: string;
  addedLabel?: string;
  paidLabel: string;
  paidShort?: string;
}

const at = (days: number, total: number) => `${((days / total) * 100).toFixed(2)}%`;

/** A trial on one line: free days printed, added days hatched in ink, paid days outlined. */
export function TrialStrip(props: TrialStripProps) {
  const { freeDays, addedDays, paidDays, todayAt } = props;
  const total = freeDays + addedDays + paidDays;
  const added = addedDays > 0;
  const words = `Free from ${props.start} through ${props.freeEnd}${
    added && props.addedEnd ? `, extended through ${props.addedEnd}` : ''
  }, then ${props.paidLabel}`;
  return (
    <figure className="relative mt-4 h-15.5 text-2xs text-text-3" role="img" aria-label={words}>
      <div className="absolute inset-x-0 top-5.5 flex h-3.5 gap-0.5" aria-hidden="true">
        <span
          className="truncate rounded-[3px] bg-ghost pl-2 leading-3.5 text-text-2"
          style={{ flex: `${freeDays} 1 0` }}
        >
          {props.freeLabel}
        </span>
        {added && <span className="hatch-ink rounded-[3px]" style={{ flex: `${addedDays} 1 0` }} />}
        <span
          className="truncate rounded-[3px] pl-2.5 leading-3.5 text-text-2 shadow-[inset_0_0_0_1px_var(--c-line)]"
          style={{ flex: `${paidDays} 1 0` }}
        >
          <span className={props.paidShort ? 'max-md:hidden' : undefined}>{props.paidLabel}</span>
          {props.paidShort && <span className="md:hidden">{props.paidShort}</span>}
        </span>
      </div>
      {todayAt !== undefined && (
        <span
          className="absolute top-0 -translate-x-1/2 text-text"
          style={{ left: at(todayAt, total) }}
          aria-hidden="true"
        >
          today
          <i className="absolute top-4 left-1/2 h-6 w-[1.5px] -translate-x-1/2 bg-text" />
        </span>
      )}
      {added && (
        <span
          className="absolute top-0 -translate-x-1/2 font-medium whitespace-nowrap text-ink"
          style={{ left: at(freeDays + addedDays / 2, total) }}
          aria-hidden="true"
        >
          {props.addedLabel}
        </span>
      )}
      <span className="num absolute bottom-1.5 left-0" aria-hidden="true">
        {props.start}
      </span>
      <span
        className="num absolute bottom-1.5 -translate-x-full"
        style={{ left: at(freeDays, total) }}
        aria-hidden="true"
      >
        {props.freeEnd}
      </span>
      {added && (
        <span
          className="num absolute bottom-1.5 -translate-x-full font-medium text-ink"
          style={{ left: at(freeDays + addedDays, total) }}
          aria-hidden="true"
        >
          {props.addedEnd}
        </span>
      )}
      <span className="num absolute right-0 bottom-1.5" aria-hidden="true">
        {props.end}
      </span>
    </figure>
  );
}
