'use client';

import dynamic from 'next/dynamic';

/** The control of test data's clock; nobody who looks at real data fetches it. */
export const TestClock = dynamic(() => import('./move-clock'));
