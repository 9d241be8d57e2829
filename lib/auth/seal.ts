import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const VERSION = 'v1';

/**
 * Encrypts text with AES-256-GCM. `about` says what it belongs to and must be given again to open it, so that a sealed
 * value copied onto another row opens for nobody.
 */
export function seal(text: string, key: Buffer, about: string): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(about));
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return [VERSION, ...[iv, sealed, cipher.getAuthTag()].map((part) => part.toString('base64url'))].join('.');
}

/** The text of a sealed value, or null when it was made with another key, for something else, or changed. */
export function unseal(sealed: string, key: Buffer, about: string): string | null {
  const [version, ...parts] = sealed.split('.');
  const [iv, body, tag] = parts.map((part) => Buffer.from(part, 'base64url'));
  if (version !== VERSION || parts.length !== 3 || !iv || !body || tag?.length !== 16) return null;
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(about)).setAuthTag(tag);
    return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
  } catch {
    return null;
  }
}
