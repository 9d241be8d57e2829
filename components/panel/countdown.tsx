'use client';

import { useEffect, useState } from 'react';
import { Ring } from '../ui/ring';

/**
 * Time left until a held act leaves, with a ring. Starts from the server's `now`, so that a wrong clock on this machine
 * does not change it; all three are milliseconds.
 */
export function Countdown({ leavesAt, now, holdFor }: { leavesAt: number; now: number; holdFor: number }) {
  const [passed, setPassed] = useState(0);
  useEffect(() => {
    const start = performance.now();
    const timer = setInterval(() => setPassed(performance.now() - start), 1000);
    return () => clearInterval(timer);
  }, []);
  const left = Math.max(0, leavesAt - now - passed);
  const seconds = Math.ceil(left / 1000);
  return (
    <>
      <Ring share={left / holdFor} />
      <span className="num flex-1" role="timer">
        {left === 0
          ? 'Leaving now'
          : `Leaves in ${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`}
      </span>
    </>
  );
}
