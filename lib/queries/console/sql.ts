import { type SQL, sql } from 'drizzle-orm';

/** A timestamptz expression as epoch milliseconds; whole milliseconds fit a double exactly. */
export const millis = (expression: string): SQL =>
  sql.raw(`(extract(epoch from ${expression}) * 1000)::float8`);

/** Epoch milliseconds as a timestamptz parameter. */
export const at = (instant: number): SQL => sql`${new Date(instant).toISOString()}::timestamptz`;

/** How a customer is called on screen: the name, else the person's, else the id its owner gave it. */
export const customerName = (alias: string): SQL => sql.raw(customerNameText(alias));

const customerNameText = (alias: string): string =>
  `coalesce(nullif(${alias}.name, ''), nullif(trim(concat_ws(' ', ${alias}.firstname, ${alias}.lastname)), ''), ${alias}.external_id)`;

const party = (alias: string, name: string): string => `jsonb_build_object('name', ${name},
  'legalName', ${alias}.legal_name, 'line1', ${alias}.address_line1, 'line2', ${alias}.address_line2,
  'city', ${alias}.city, 'state', ${alias}.state, 'zipcode', ${alias}.zipcode, 'country', ${alias}.country,
  'taxNumber', ${alias}.tax_identification_number, 'legalNumber', ${alias}.legal_number)`;

/** Customer and firm as a document (`DocumentParties`) would name them today, where none was kept when it was issued. */
export const partiesToday = (customer: string, entity: string): SQL =>
  sql.raw(`jsonb_build_object('customer', ${party(customer, customerNameText(customer))},
    'entity', ${party(entity, `${entity}.name`)}, 'footer', ${entity}.invoice_footer)`);

/** What is still to be paid of an issued invoice, in minor units. */
export const amountDue = (alias: string): SQL =>
  sql.raw(
    `greatest(${alias}.total_amount_minor - ${alias}.total_paid_amount_minor - ${alias}.total_offsetted_credit_note_amount_minor, 0)`,
  );

/** Text for LIKE in which nothing of what was typed is a wildcard. */
export const likeText = (text: string): string => text.replace(/[\\%_]/g, (sign) => `\\${sign}`);

/**
 * A limit written out. As a parameter the planner of a prepared statement would not know it, take it for a tenth of the
 * table, and plan every call anew.
 */
export const rowLimit = (rows: number): SQL => sql.raw(`limit ${Math.trunc(rows)}`);

/** Ids as one array parameter. */
export const uuids = (ids: readonly string[]): SQL => sql`${`{${ids.join(',')}}`}::uuid[]`;
