import type postgres from 'postgres';

/** Rows that record what happened: no role of a running server may change or remove them. */
const IMMUTABLE = [
  'ledger_entries',
  'ledger_postings',
  'audit_rows',
  'revenue_movements',
  'events',
  'documents',
];
/** Tables without a tenant, readable by the `system` role only. */
const SYSTEM_ONLY = ['users', 'sessions', 'password_resets', 'recovery_codes', 'throttles'];

/**
 * Grants and row-level security for every table, applied after each migration so that a new table cannot be forgotten.
 * Runs as the owner. Idempotent.
 */
export async function applySecurity(sql: postgres.Sql): Promise<void> {
  const tables = await sql<{ name: string; tenant: boolean }[]>`
    select t.table_name as name,
           exists (select 1 from information_schema.columns c
                   where c.table_schema = 'public' and c.table_name = t.table_name
                     and c.column_name = 'organization_id') as tenant
    from information_schema.tables t
    where t.table_schema = 'public' and t.table_type = 'BASE TABLE'`;
  await sql`grant usage on schema public to cf_app, cf_system`;
  for (const { name, tenant } of tables) {
    await sql.unsafe(`grant select, insert, update, delete on "${name}" to cf_system`);
    await sql.unsafe(`revoke all on "${name}" from cf_app`);
    const isOrganizations = name === 'organizations';
    if ((!tenant && !isOrganizations) || SYSTEM_ONLY.includes(name)) continue;
    await sql.unsafe(`grant select, insert, update, delete on "${name}" to cf_app`);
    await sql.unsafe(`alter table "${name}" enable row level security`);
    const column = isOrganizations ? 'id' : 'organization_id';
    const rule = `${column} = (select nullif(current_setting('app.organization_id', true), '')::uuid)`;
    await sql.unsafe(`drop policy if exists tenant on "${name}"`);
    await sql.unsafe(`create policy tenant on "${name}" using (${rule}) with check (${rule})`);
  }
  for (const name of IMMUTABLE) {
    await sql.unsafe(`revoke update, delete, truncate on "${name}" from cf_app, cf_system`);
  }
  await sql`grant usage, select on all sequences in schema public to cf_app, cf_system`;
}
