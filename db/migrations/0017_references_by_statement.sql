ALTER TABLE "fee_taxes" DROP CONSTRAINT "fee_taxes_organization_id_fee_id_fees_organization_id_id_fk";
--> statement-breakpoint
ALTER TABLE "ledger_postings" DROP CONSTRAINT "ledger_postings_organization_id_entry_id_ledger_entries_organization_id_id_fk";
--> statement-breakpoint
ALTER TABLE "ledger_postings" DROP CONSTRAINT "ledger_postings_organization_id_account_id_ledger_accounts_organization_id_id_fk";
--> statement-breakpoint
DROP INDEX "ledger_entries_time";--> statement-breakpoint
DROP INDEX "due_items_all_open";
--> statement-breakpoint
-- Lines' taxes and postings come by the hundred. A foreign key looks each row's parent up by itself, and by a plan that a
-- connection may keep from when the parent was small: a scan, so that every chunk of a billing run costs more than the one
-- before. These references are checked once a statement instead, each parent once, held against removal as a foreign key
-- holds it. The functions run as the tables' owner, as foreign keys do, and look parents up by their key.
create function reference_missing(child text, parent text) returns void language plpgsql as $$
begin
  raise exception 'A row of % points at a row of % that is not there.', child, parent using errcode = '23503';
end $$;
--> statement-breakpoint
create function fee_taxes_have_fees() returns trigger language plpgsql security definer
set search_path = public, pg_temp set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  named bigint := (select count(*) from (select distinct organization_id, fee_id from added) parents);
  held bigint;
begin
  with parents as materialized (select distinct organization_id, fee_id from added), locked as (
    select 1 from parents p join fees f on f.organization_id = p.organization_id and f.id = p.fee_id
    for key share of f)
  select count(*) into held from locked;
  if held < named then perform reference_missing('fee_taxes', 'fees'); end if;
  return null;
end $$;
--> statement-breakpoint
create trigger fee_taxes_have_fees after insert on fee_taxes
  referencing new table as added for each statement execute function fee_taxes_have_fees();
--> statement-breakpoint
create function ledger_postings_have_parents() returns trigger language plpgsql security definer
set search_path = public, pg_temp set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  named bigint;
  held bigint;
begin
  named := (select count(*) from (select distinct organization_id, entry_id from added) parents);
  with parents as materialized (select distinct organization_id, entry_id from added), locked as (
    select 1 from parents p join ledger_entries e on e.organization_id = p.organization_id and e.id = p.entry_id
    for key share of e)
  select count(*) into held from locked;
  if held < named then perform reference_missing('ledger_postings', 'ledger_entries'); end if;
  named := (select count(*) from (select distinct organization_id, account_id from added) parents);
  with parents as materialized (select distinct organization_id, account_id from added), locked as (
    select 1 from parents p join ledger_accounts a on a.organization_id = p.organization_id and a.id = p.account_id
    for key share of a)
  select count(*) into held from locked;
  if held < named then perform reference_missing('ledger_postings', 'ledger_accounts'); end if;
  return null;
end $$;
--> statement-breakpoint
create trigger ledger_postings_have_parents after insert on ledger_postings
  referencing new table as added for each statement execute function ledger_postings_have_parents();
--> statement-breakpoint
-- No parent goes while a row points at it.
create function fees_keep_taxes() returns trigger language plpgsql security definer
set search_path = public, pg_temp set enable_seqscan = off as $$
begin
  if exists (select 1 from gone g join fee_taxes t on t.organization_id = g.organization_id and t.fee_id = g.id) then
    raise exception 'A line with taxes cannot be removed before them.' using errcode = '23503';
  end if;
  return null;
end $$;
--> statement-breakpoint
create trigger fees_keep_taxes after delete on fees
  referencing old table as gone for each statement execute function fees_keep_taxes();
--> statement-breakpoint
create function ledger_keeps_postings() returns trigger language plpgsql security definer
set search_path = public, pg_temp set enable_seqscan = off as $$
declare
  posted boolean;
begin
  if tg_table_name = 'ledger_entries' then
    posted := exists (select 1 from gone g join ledger_postings p
      on p.organization_id = g.organization_id and p.entry_id = g.id);
  else
    posted := exists (select 1 from gone g join ledger_postings p
      on p.organization_id = g.organization_id and p.account_id = g.id);
  end if;
  if posted then
    raise exception 'Rows of ledger_postings point at this row of %.', tg_table_name using errcode = '23503';
  end if;
  return null;
end $$;
--> statement-breakpoint
create trigger ledger_keeps_postings after delete on ledger_entries
  referencing old table as gone for each statement execute function ledger_keeps_postings();
--> statement-breakpoint
create trigger ledger_keeps_postings after delete on ledger_accounts
  referencing old table as gone for each statement execute function ledger_keeps_postings();
--> statement-breakpoint
-- Nor do keys or references move.
create function key_stands() returns trigger language plpgsql as $$
begin
  raise exception 'The keys and references of % rows stand.', tg_table_name using errcode = '23503';
end $$;
--> statement-breakpoint
create trigger key_stands before update of organization_id, id on fees
  for each row when ((old.organization_id, old.id) is distinct from (new.organization_id, new.id))
  execute function key_stands();
--> statement-breakpoint
create trigger key_stands before update of organization_id, fee_id on fee_taxes
  for each row when ((old.organization_id, old.fee_id) is distinct from (new.organization_id, new.fee_id))
  execute function key_stands();
--> statement-breakpoint
create trigger key_stands before update of organization_id, id on ledger_entries
  for each row when ((old.organization_id, old.id) is distinct from (new.organization_id, new.id))
  execute function key_stands();
--> statement-breakpoint
create trigger key_stands before update of organization_id, id on ledger_accounts
  for each row when ((old.organization_id, old.id) is distinct from (new.organization_id, new.id))
  execute function key_stands();
--> statement-breakpoint
create trigger key_stands before update of organization_id, entry_id, account_id on ledger_postings
  for each row when ((old.organization_id, old.entry_id, old.account_id)
    is distinct from (new.organization_id, new.entry_id, new.account_id))
  execute function key_stands();
