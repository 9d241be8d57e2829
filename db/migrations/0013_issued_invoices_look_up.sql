-- An insert of rows looks up each invoice they belong to by its key. Planned freely, the look-up is kept as a scan of all
-- invoices by a connection that first met a small table, and a billing run slows down with every chunk.
create or replace function invoice_takes_no_more() returns trigger language plpgsql
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  if exists (select 1 from (select distinct organization_id, invoice_id from added) parts
      join invoices i on i.organization_id = parts.organization_id and i.id = parts.invoice_id
      where i.status in ('finalized', 'voided')) then
    raise exception 'An issued invoice takes no more rows of %.', tg_table_name using errcode = '23001';
  end if;
  return null;
end $$;
