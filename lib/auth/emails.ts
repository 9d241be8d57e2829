const SHAPE = /^[^\s@<>"(),:;[\]\\]+@[^\s@<>"(),:;[\]\\]+\.[^\s@<>"(),:;[\]\\]+$/;

/** An e-mail address as it is kept and compared: trimmed, lower case. */
export function normalizeEmail(email: string): string {
  return email.normalize('NFKC').trim().toLowerCase();
}

/** Whether it can be an address at all; only a mail that arrives proves more. */
export function isEmail(email: string): boolean {
  return email.length <= 254 && SHAPE.test(email);
}
