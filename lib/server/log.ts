import { type Logger, pino } from 'pino';

/** The server's log, one JSON line each on standard output. LOG_LEVEL sets how much (silent to trace); tests keep quiet. */
export const log: Logger = pino({
  name: 'server',
  level: process.env.LOG_LEVEL ?? (process.env.NODE_ENV === 'test' ? 'silent' : 'info'),
});
