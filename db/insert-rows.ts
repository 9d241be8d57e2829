import { getTableColumns, getTableName, type SQL, sql } from 'drizzle-orm';
import { toSnakeCase } from 'drizzle-orm/casing';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import { elementText } from './array-text.ts';
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
  if (rows.length > 0) await tx.execute(insertionOf(table, rows));
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
    sql`${insertionOf(table, rows)} on conflict do nothing returning ${sql.identifier(key)} as key`,
  );
  return new Set(fresh.map((row) => row.key));
}

/**
 * Does writes in one statement, by name, and answers what `answer` selects from what they return. None of them sees what
 * another wrote; references between their rows are checked at the end of all.
 */
export async function writeTogether<T extends Record<string, unknown>>(
  tx: Tx,
  writes: Record<string, SQL>,
  answer: SQL = sql`select 1`,
): Promise<T[]> {
  const named = Object.entries(writes).map(([name, write]) => sql`${sql.identifier(name)} as (${write})`);
  if (named.length === 0) return [];
  const rows: unknown = await tx.execute(sql`with ${sql.join(named, sql`, `)} ${answer}`);
  return rows as T[];
}

/** Rows of several tables, one set a table: as writes for `writeTogether`. */
export function insertionsOf(
  ...sets: [table: PgTable, rows: Record<string, unknown>[]][]
): Record<string, SQL> {
  const filled = sets.filter(([, rows]) => rows.length > 0);
  return Object.fromEntries(
    filled.map(([table, rows]) => [`new_${getTableName(table)}`, insertionOf(table, rows)]),
  );
}

/** The statement of `insertRows`, for at least one row; its source may be narrowed as `given`. */
export function insertionOf<T extends PgTable>(table: T, rows: T['$inferInsert'][]): SQL {
  const columns = columnsOf(table).flatMap((named) => {
    const { key, column } = named;
    const values = rows.map((row) => (row as Record<string, unknown>)[key]);
    const given = values.filter((value) => value !== undefined).length;
    if (given === 0) return [];
    if (given < rows.length && column.hasDefault) {
      throw new Error(`${getTableName(table)}.${key} is given in some of the rows only`);
    }
    return [{ name: named.name, array: arrayOf(named, values) }];
  });
  const part = (texts: SQL[]) => sql.join(texts, sql`, `);
  const names = part(columns.map(({ name }) => name));
  const given = part(columns.map(({ array, name }) => sql`${array} as ${name}`));
  const spread = part(
    columns.map(
      ({ name }) =>
        sql`case cardinality(g.${name}) when 1 then array_fill(g.${name}[1], array[l.n]) else g.${name} end`,
    ),
  );
  return sql`insert into ${sql.identifier(getTableName(table))} (${names})
    select given.* from (select ${given}) g, (select ${rows.length}::int as n) l, unnest(${spread}) as given(${names})`;
}

interface NamedColumn {
  key: string;
  column: PgColumn;
  name: SQL;
  /** The column's type, as an array's. */
  arrayType: SQL;
  isJson: boolean;
}

const columnsOfTables = new WeakMap<PgTable, NamedColumn[]>();

function columnsOf(table: PgTable): NamedColumn[] {
  const known = columnsOfTables.get(table);
  if (known) return known;
  const columns = Object.entries(getTableColumns(table)).map(([key, column]) => ({
    key,
    column,
    name: sql`${sql.identifier(nameOf(key, column))}`,
    arrayType: sql.raw(`${typeOf(column)}[]`),
    isJson: column.getSQLType() === 'jsonb',
  }));
  columnsOfTables.set(table, columns);
  return columns;
}

const nameOf = (key: string, column: PgColumn): string => (column.keyAsName ? toSnakeCase(key) : column.name);

const typeOf = (column: PgColumn): string =>
  column.getSQLType().startsWith('timestamp') ? 'timestamptz' : column.getSQLType();

/** A column's values as an expression. Documents go as one: written and read element by element they would be quoted twice. */
function arrayOf({ column, arrayType, isJson }: NamedColumn, values: unknown[]): SQL {
  if (!isJson) return sql`${textOf(column, values)}::${arrayType}`;
  const documents = JSON.stringify(values.map((value = null) => value));
  return sql`array(select nullif(e, 'null') from jsonb_array_elements(${documents}::jsonb) e)`;
}

/**
 * An array of the values as Postgres writes it: one element when all are the same, none when all are null, which `unnest`
 * fills up.
 */
function textOf(column: PgColumn, values: unknown[]): string {
  let last: { value: unknown; text: string } = { value: null, text: 'null' };
  const texts = values.map((value = null) => {
    if (!isSame(value, last.value)) last = { value, text: elementOf(column, value) };
    return last.text;
  });
  const [first = 'null'] = texts;
  if (texts.some((text) => text !== first)) return `{${texts.join(',')}}`;
  return first === 'null' ? '{}' : `{${first}}`;
}

/** Neighbours are often the same, and instants cost something to write. */
const isSame = (one: unknown, other: unknown): boolean =>
  one === other || (one instanceof Date && other instanceof Date && one.getTime() === other.getTime());

function elementOf(column: PgColumn, value: unknown): string {
  if (value === null) return 'null';
  const written = column.mapToDriverValue(value);
  return typeof written === 'string' ? elementText(written) : String(written);
}
