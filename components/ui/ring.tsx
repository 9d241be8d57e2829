import { cx } from './cx';

const LENGTH = 37.7; // circumference of the ring, r = 6

/** A thin ring filled to `share` (0 to 1). `turning` makes it move while something runs. */
export function Ring({
  share,
  turning,
  className,
}: {
  share: number;
  turning?: boolean;
  className?: string;
}) {
  const filled = Math.max(0, Math.min(1, share)) * LENGTH;
  return (
    <svg
      width="16"
      height="16"
      viewBox="0 0 16 16"
      aria-hidden="true"
      className={cx('flex-none', turning ? 'animate-spin' : '-rotate-90', className)}
    >
      <circle cx="8" cy="8" r="6" fill="none" stroke="var(--c-line)" strokeWidth="2" />
      <circle
        cx="8"
        cy="8"
        r="6"
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
        strokeLinecap="round"
        strokeDasharray={`${filled.toFixed(1)} ${LENGTH}`}
      />
    </svg>
  );
}
