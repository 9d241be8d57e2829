import type { ReactNode } from 'react';
import { cx } from './cx';

/** The dotted tear between a document and the stub you keep. Used for nothing else. */
export function Perforation({ className }: { className?: string }) {
  return <div className={cx('perf', className)} aria-hidden="true" />;
}

/** Two pieces of one paper with a tear between them: an offer, a receipt, the sign-in. */
export function Stub({
  label,
  vertical,
  top,
  bottom,
  className,
  topClassName = 'bg-raised px-5 pt-4.5 pb-4',
  bottomClassName = 'bg-raised px-5 pt-4 pb-4',
}: {
  label?: string;
  /** Left and right pieces instead of upper and lower. */
  vertical?: boolean;
  top: ReactNode;
  bottom: ReactNode;
  className?: string;
  topClassName?: string;
  bottomClassName?: string;
}) {
  return (
    <section className={cx('stub h-fit', vertical && 'stub-v', className)} aria-label={label}>
      <div className={topClassName}>{top}</div>
      <div className={bottomClassName}>
        <div className={vertical ? 'perf-v max-md:hidden' : 'perf'} aria-hidden="true" />
        {bottom}
      </div>
    </section>
  );
}
