import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openMail } from './mail.ts';

interface Received {
  from: string;
  to: string[];
  raw: string;
}

let server: SMTPServer;
let received: Received[];
let url: string;

beforeEach(async () => {
  received = [];
  server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo: ({ address }, _session, done) =>
      done(address.startsWith('nobody') ? new Error('no such mailbox') : undefined),
    onData(stream, session, done) {
      let raw = '';
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        raw += chunk;
      });
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        received.push({ from: mailFrom ? mailFrom.address : '', to: rcptTo.map((to) => to.address), raw });
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  url = `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
});

afterEach(() => new Promise<void>((resolve) => server.close(() => resolve())));

const mail = {
  to: 'ines@fathomline.example',
  subject: 'Choose a new password',
  text: 'Open https://billing.example/reset/abc within one hour.',
  link: 'https://billing.example/reset/abc',
};

describe('mail over SMTP', () => {
  it('reaches the mailbox with its words', async () => {
    const transport = openMail({ smtpUrl: url, from: 'Fathomline <billing@fathomline.example>' });
    expect(await transport.send(mail)).toBe('sent');
    transport.close();
    expect(received).toHaveLength(1);
    expect(received[0]).toMatchObject({ from: 'billing@fathomline.example', to: [mail.to] });
    expect(received[0]?.raw).toContain('Subject: Choose a new password');
    expect(received[0]?.raw).toContain('https://billing.example/reset/abc');
  });

  it('cannot be made to add a recipient or a header', async () => {
    const transport = openMail({ smtpUrl: url });
    await transport.send({ ...mail, subject: 'Hello\r\nBcc: other@example.com' });
    transport.close();
    expect(received[0]?.to).toEqual([mail.to]);
    expect(received[0]?.raw).not.toMatch(/^Bcc:/m);
  });

  it('throws what the mail server says when it refuses', async () => {
    const transport = openMail({ smtpUrl: url });
    await expect(transport.send({ ...mail, to: 'nobody@fathomline.example' })).rejects.toThrow(/mailbox/);
    transport.close();
  });
});

describe('without a mail server', () => {
  const logging = (showLinks: boolean) => {
    const lines: object[] = [];
    const log = { info: (details: object, message: string) => lines.push({ ...details, message }) };
    return { lines, transport: openMail({ showLinks, log }) };
  };

  it('says that nothing was sent and keeps the link back', async () => {
    const { lines, transport } = logging(false);
    expect(transport.configured).toBe(false);
    expect(await transport.send(mail)).toBe('not_sent');
    expect(lines).toEqual([
      { to: mail.to, subject: mail.subject, message: 'not sent: no mail server configured' },
    ]);
  });

  it('shows the link where that is wanted', async () => {
    const { lines, transport } = logging(true);
    await transport.send(mail);
    expect(lines[0]).toMatchObject({ link: mail.link });
  });
});
