/** Whether the server is reached over https, by its own public address. */
export function isSecure(url = process.env.NEXTAUTH_URL ?? ''): boolean {
  return url.startsWith('https://');
}

/** Over https a cookie is tied to this very host and to https (`__Host-`). */
const named = (name: string) => (isSecure() ? `__Host-counterfoil.${name}` : `counterfoil.${name}`);

export const sessionCookieName = () => named('session');

/** Between the password and the code. */
export const challengeCookieName = () => named('challenge');
