import nodemailer from 'nodemailer';
import pino from 'pino';

/** One mail. `link` is also in the text; it is named apart so that a server without mail can show it, or keep it back. */
export interface Mail {
  to: string;
  subject: string;
  text: string;
  link?: string;
}

/** `not_sent`: no mail server is configured. A mail server that refuses makes `send` throw instead. */
export type MailOutcome = 'sent' | 'not_sent';

export interface MailTransport {
  /** Whether a mail server is configured at all. */
  readonly configured: boolean;
  send(mail: Mail): Promise<MailOutcome>;
  close(): void;
}

export interface MailLog {
  info(details: object, message: string): void;
}

export interface MailSettings {
  /** smtp://user:password@host:port, or smtps:// for TLS from the first byte. */
  smtpUrl?: string | undefined;
  /** What stands in From. */
  from?: string | undefined;
  /** Whether a mail that could not be sent shows its link in the log. Never on a server with real people. */
  showLinks?: boolean;
  log?: MailLog;
}

const DEFAULT_FROM = 'Counterfoil <no-reply@localhost>';
const TIMEOUT_MS = 10_000;

/** A transport over SMTP, or, without `smtpUrl`, one that logs that nothing was sent. The caller closes it. */
export function openMail({ smtpUrl, from, showLinks = false, log }: MailSettings): MailTransport {
  const words = log ?? pino({ name: 'mail' });
  if (!smtpUrl) return unsent(showLinks, words);
  const transport = nodemailer.createTransport({
    url: smtpUrl,
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    configured: true,
    async send({ to, subject, text }) {
      await transport.sendMail({ from: from || DEFAULT_FROM, to: { name: '', address: to }, subject, text });
      return 'sent';
    },
    close: () => transport.close(),
  };
}

function unsent(showLinks: boolean, log: MailLog): MailTransport {
  return {
    configured: false,
    async send({ to, subject, link }) {
      const details = showLinks && link ? { to, subject, link } : { to, subject };
      log.info(details, 'not sent: no mail server configured');
      return 'not_sent';
    },
    close: () => {},
  };
}

const KEY = Symbol.for('counterfoil.mail');
type Holder = { [KEY]?: MailTransport };

/**
 * The process's one transport, from SMTP_URL and MAIL_FROM. Without SMTP_URL links are logged in development, or where
 * MAIL_SHOW_LINKS is 1 (a demo).
 */
export function mail(): MailTransport {
  const holder = globalThis as Holder;
  holder[KEY] ??= openMail({
    smtpUrl: process.env.SMTP_URL,
    from: process.env.MAIL_FROM,
    showLinks: process.env.NODE_ENV !== 'production' || process.env.MAIL_SHOW_LINKS === '1',
  });
  return holder[KEY];
}
