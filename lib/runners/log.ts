import { type Logger, pino } from 'pino';

export type RunnerLog = Pick<Logger, 'info' | 'warn' | 'error'>;

/** The log of what runs by itself. LOG_LEVEL sets how much; tests keep quiet. */
export const runnerLog: RunnerLog = pino({
  name: 'runners',
  level: process.env.LOG_LEVEL ?? (process.env.NODE_ENV === 'test' ? 'silent' : 'info'),
});
