import type { StoredEvent } from './incoming.ts';

/*
 * COPY's binary format: nothing is escaped here, and the server reads neither times nor ids from text, which saves it a
 * sixth of its work for a row. A row is a count of fields (16 bits) and each field its length (32 bits) and its bytes, the
 * highest first.
 */

const HEADER = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const FIELDS = 9;
/** The count, the lengths, two ids, two times, and the version before JSON. */
const FIXED = 2 + FIELDS * 4 + 2 * 16 + 2 * 8 + 1;
const JSON_VERSION = 1;
/** Bytes that one UTF-16 unit may become. */
const WIDEST = 3;

/** Events as a binary COPY of their columns, in the order `copyRows` names them. Null when one has an amount that is no decimal. */
export function copyBytes(rows: readonly StoredEvent[]): Buffer | null {
  const amounts = new Map<StoredEvent, Buffer>();
  let size = HEADER.length + 2;
  for (const row of rows) {
    const { externalSubscriptionId, transactionId, code, propertiesJson, preciseTotalAmountMinor } = row;
    const units = externalSubscriptionId.length + transactionId.length + code.length + propertiesJson.length;
    size += FIXED + (row.plain ? units : units * WIDEST);
    if (preciseTotalAmountMinor === null) continue;
    const amount = numericBytes(preciseTotalAmountMinor);
    if (!amount) return null;
    amounts.set(row, amount);
    size += amount.length;
  }
  const writer = new Writer(size);
  for (const row of rows) {
    writer.count(FIELDS);
    writer.uuid(row.organizationId);
    writer.uuid(row.id);
    writer.text(row.externalSubscriptionId, row.plain);
    writer.text(row.transactionId, row.plain);
    writer.text(row.code, row.plain);
    writer.instant(row.timestamp);
    writer.json(row.propertiesJson, row.plain);
    writer.field(amounts.get(row));
    writer.instant(row.ingestedAt);
  }
  return writer.end();
}

const HEX = new Uint8Array(128);
for (let digit = 0; digit < 16; digit++) HEX[digit.toString(16).charCodeAt(0)] = digit;
/** Where the bytes of an id stand in its text. */
const UUID_AT = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];
/** 2000-01-01, from which the server counts microseconds. */
const EPOCH_MS = 946_684_800_000;
const TWO_TO_32 = 4_294_967_296;

class Writer {
  private readonly bytes: Buffer;
  private at = HEADER.length;

  constructor(size: number) {
    this.bytes = Buffer.allocUnsafe(size);
    HEADER.copy(this.bytes);
  }

  count(fields: number): void {
    this.bytes[this.at++] = fields >> 8;
    this.bytes[this.at++] = fields & 0xff;
  }

  private int32(value: number): void {
    const { bytes, at } = this;
    bytes[at] = value >>> 24;
    bytes[at + 1] = (value >>> 16) & 0xff;
    bytes[at + 2] = (value >>> 8) & 0xff;
    bytes[at + 3] = value & 0xff;
    this.at = at + 4;
  }

  uuid(text: string): void {
    this.int32(16);
    const { bytes, at } = this;
    for (let byte = 0; byte < 16; byte++) {
      const from = UUID_AT[byte]!;
      bytes[at + byte] = (HEX[text.charCodeAt(from)]! << 4) | HEX[text.charCodeAt(from + 1)]!;
    }
    this.at = at + 16;
  }

  instant(ms: number): void {
    this.int32(8);
    const since = ms - EPOCH_MS;
    // Milliseconds times a thousand outgrow a double; their halves do not.
    const high = Math.floor(since / TWO_TO_32);
    const low = (since - high * TWO_TO_32) * 1000;
    const carry = Math.floor(low / TWO_TO_32);
    this.int32(high * 1000 + carry);
    this.int32(low - carry * TWO_TO_32);
  }

  text(text: string, plain: boolean | undefined): void {
    const start = this.at + 4;
    const length = this.write(text, plain, start);
    this.int32(length);
    this.at = start + length;
  }

  json(text: string, plain: boolean | undefined): void {
    const start = this.at + 4;
    const length = this.write(text, plain, start + 1) + 1;
    this.int32(length);
    this.bytes[start] = JSON_VERSION;
    this.at = start + length;
  }

  private write(text: string, plain: boolean | undefined, at: number): number {
    if (!plain) return this.bytes.write(text, at, 'utf8');
    const { bytes } = this;
    for (let sign = 0; sign < text.length; sign++) bytes[at + sign] = text.charCodeAt(sign);
    return text.length;
  }

  /** Bytes as they are; nothing is NULL. */
  field(value: Buffer | undefined): void {
    this.int32(value ? value.length : -1);
    if (value) this.at += value.copy(this.bytes, this.at);
  }

  end(): Buffer {
    this.bytes[this.at++] = 0xff;
    this.bytes[this.at++] = 0xff;
    return this.bytes.subarray(0, this.at);
  }
}

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;
const NEGATIVE = 0x4000;

/** A decimal as PostgreSQL sends it: digits to the base of 10,000, the power of the first, the sign, and the places to show. */
function numericBytes(text: string): Buffer | null {
  const [, sign, whole, fraction = ''] = DECIMAL.exec(text) ?? [];
  if (whole === undefined) return null;
  const left = whole.padStart(Math.ceil(whole.length / 4) * 4, '0');
  const right = fraction.padEnd(Math.ceil(fraction.length / 4) * 4, '0');
  const digits = (left + right).match(/.{4}/g)!.map(Number);
  let weight = left.length / 4 - 1;
  while (digits[0] === 0) {
    digits.shift();
    weight--;
  }
  while (digits.at(-1) === 0) digits.pop();
  const isZero = digits.length === 0;
  const parts = [
    digits.length,
    isZero ? 0 : weight,
    sign && !isZero ? NEGATIVE : 0,
    fraction.length,
    ...digits,
  ];
  const bytes = Buffer.alloc(parts.length * 2);
  for (const [index, part] of parts.entries()) bytes.writeUInt16BE(part & 0xffff, index * 2);
  return bytes;
}
