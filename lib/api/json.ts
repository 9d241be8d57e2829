const BIG = '\u0001big:';
const MARKED = /"\\u0001big:(-?\d+)"/g;

/**
 * JSON text of a wire object. Bigints become JSON integers, whole even beyond 2^53; undefined members are left out.
 */
export function stringify(value: unknown): string {
  let marked = false;
  const text = JSON.stringify(value, (_key, inner) => {
    if (typeof inner !== 'bigint') return inner;
    const number = Number(inner);
    if (Number.isSafeInteger(number)) return number;
    marked = true;
    return `${BIG}${inner}`;
  });
  return marked ? text.replace(MARKED, '$1') : text;
}

/** An answer that is JSON text already. `ascii`: it is known to be ASCII. */
export class JsonText {
  constructor(
    readonly text: string,
    readonly ascii = false,
  ) {}
}

/** A JSON answer; the API speaks nothing else, whatever the Accept header says. */
export function jsonResponse(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(body instanceof JsonText ? body.text : stringify(body), {
    status,
    headers: { 'Content-Type': 'application/json; charset=utf-8', ...headers },
  });
}
