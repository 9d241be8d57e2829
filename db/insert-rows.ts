import { getTableColumns, getTableName, type SQL, sql } from 'drizzle-orm';
import { toSnakeCase } from 'drizzle-orm/casing';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { Tx } from './clients.ts';

/**
 * Inserts any number of rows with one parameter per column: an array of its values. The ORM's own `insert` makes a text with a
 * parameter for each value, which for the rows of a few hundred invoices costs more than everything else about them.
 *
 * A member is given in every row or in none, where its column has a default; elsewhere an absent one is null. Expressions are
 * not taken. Throws what the database throws.
 */
export async function insertRows<T extends PgTable>(
  tx: Tx,
  table: T,
  rows: T['$inferInsert'][],
): Promise<void> {
  if (rows.length > 0) await tx.execute(statementOf(table, rows));
}

/** The same, leaving out rows that are there already. Answers the keys of those that were not, by the column that is their key. */
export async function insertNewRows<T extends PgTable>(
  tx: Tx,
  table: T,
  rows: T['$inferInsert'][],
  key = 'id',
): Promise<Set<string>> {
  if (rows.length === 0) return new Set();
  const fresh = await tx.execute<{ key: string }>(
    sql`${statementOf(table, rows)} on conflict do nothing returning ${sql.identifier(key)} as key`,
  );
  return new Set(fresh.map((row) => row.key));
}

function statementOf<T extends PgTable>(table: T, rows: T['$inferInsert'][]): SQL {
  const columns = Object.entries(getTableColumns(table)).flatMap(([key, column]) => {
    const values = rows.map((row) => (row as Record<string, unknown>)[key]);
    const given = values.filter((value) => value !== undefined).length;
    if (given === 0) return [];
    if (given < rows.length && column.hasDefault) {
      throw new Error(`${getTableName(table)}.${key} is given in some of the rows only`);
    }
    return [{ name: nameOf(key, column), array: arrayOf(column, values), type: typeOf(column) }];
  });
  const names = sql.join(
    columns.map(({ name }) => sql.identifier(name)),
    sql`, `,
  );
  const arrays = sql.join(
    columns.map(({ array, type }) => sql`${array}::${sql.raw(type)}[]`),
    sql`, `,
  );
  return sql`insert into ${sql.identifier(getTableName(table))} (${names}) select * from unnest(${arrays})`;
}

const nameOf = (key: string, column: PgColumn): string => (column.keyAsName ? toSnakeCase(key) : column.name);

const typeOf = (column: PgColumn): string =>
  column.getSQLType().startsWith('timestamp') ? 'timestamptz' : column.getSQLType();

const SPECIAL = /["\\]/;

/** A column's values as Postgres writes an array. */
function arrayOf(column: PgColumn, values: unknown[]): string {
  let text = '{';
  for (let place = 0; place < values.length; place++) {
    if (place > 0) text += ',';
    const value = values[place];
    if (value === null || value === undefined) {
      text += 'null';
      continue;
    }
    const written = String(column.mapToDriverValue(value));
    text += SPECIAL.test(written) ? `"${written.replace(/["\\]/g, '\\$&')}"` : `"${written}"`;
  }
  return `${text}}`;
}
