-- What was issued stands: amounts, number, lines and facts of a finalized or voided invoice cannot be changed or removed.
-- Free to move are its payment, its dispute, its notes, and the one step from finalized to voided.
create function invoice_stands() returns trigger language plpgsql as $$
declare
  moving text[] := array['status', 'payment_status', 'payment_overdue', 'payment_dispute_lost_at',
    'ready_for_payment_processing', 'total_paid_amount_minor', 'total_offsetted_credit_note_amount_minor',
    'metadata', 'voided_at', 'updated_at'];
begin
  if tg_op = 'DELETE' then
    raise exception 'Invoice % is issued. Void it instead of deleting it.', old.number using errcode = '23001';
  end if;
  if new.status <> 'voided' and new.status <> old.status then
    raise exception 'Invoice % is issued. It can only be voided.', old.number using errcode = '23001';
  end if;
  if to_jsonb(new) - moving <> to_jsonb(old) - moving then
    raise exception 'Invoice % is issued. Its figures stand: void it, or issue a credit note.', old.number
      using errcode = '23001';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger invoice_stands before update or delete on invoices
  for each row when (old.status in ('finalized', 'voided')) execute function invoice_stands();
--> statement-breakpoint
-- A row of an issued invoice; the arguments name the columns that stay free.
create function invoice_part_stands() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    if to_jsonb(new) - tg_argv::text[] = to_jsonb(old) - tg_argv::text[] then return new; end if;
  end if;
  if exists (select 1 from invoices i where i.organization_id = old.organization_id
      and i.status in ('finalized', 'voided')
      and (i.id = old.invoice_id or (tg_op = 'UPDATE' and i.id = new.invoice_id))) then
    raise exception 'This % row belongs to an issued invoice and stands.', tg_table_name using errcode = '23001';
  end if;
  if tg_op = 'DELETE' then return old; end if;
  return new;
end $$;
--> statement-breakpoint
create trigger invoice_part_stands before update or delete on fees
  for each row execute function invoice_part_stands('payment_status', 'succeeded_at', 'failed_at', 'refunded_at');
--> statement-breakpoint
create trigger invoice_part_stands before update or delete on invoice_subscriptions
  for each row execute function invoice_part_stands('live');
--> statement-breakpoint
create trigger invoice_part_stands before update or delete on invoice_taxes
  for each row execute function invoice_part_stands();
--> statement-breakpoint
create trigger invoice_part_stands before update or delete on credits
  for each row execute function invoice_part_stands();
--> statement-breakpoint
create trigger invoice_part_stands before update or delete on invoice_facts
  for each row execute function invoice_part_stands();
--> statement-breakpoint
create function invoice_takes_no_more() returns trigger language plpgsql as $$
begin
  if exists (select 1 from added join invoices i
      on i.organization_id = added.organization_id and i.id = added.invoice_id
      where i.status in ('finalized', 'voided')) then
    raise exception 'An issued invoice takes no more rows of %.', tg_table_name using errcode = '23001';
  end if;
  return null;
end $$;
--> statement-breakpoint
create trigger invoice_takes_no_more after insert on fees
  referencing new table as added for each statement execute function invoice_takes_no_more();
--> statement-breakpoint
create trigger invoice_takes_no_more after insert on invoice_taxes
  referencing new table as added for each statement execute function invoice_takes_no_more();
--> statement-breakpoint
create trigger invoice_takes_no_more after insert on credits
  referencing new table as added for each statement execute function invoice_takes_no_more();
--> statement-breakpoint
create function fee_tax_stands() returns trigger language plpgsql as $$
begin
  if exists (select 1 from fees f join invoices i on i.organization_id = f.organization_id and i.id = f.invoice_id
      where f.organization_id = old.organization_id and f.id = old.fee_id
      and i.status in ('finalized', 'voided')) then
    raise exception 'This tax belongs to an issued invoice and stands.' using errcode = '23001';
  end if;
  if tg_op = 'DELETE' then return old; end if;
  return new;
end $$;
--> statement-breakpoint
create trigger fee_tax_stands before update or delete on fee_taxes
  for each row execute function fee_tax_stands();
--> statement-breakpoint
create function credit_note_stands() returns trigger language plpgsql as $$
declare
  moving text[] := array['status', 'credit_status', 'refund_status', 'balance_amount_minor', 'description',
    'metadata', 'voided_at', 'refunded_at', 'updated_at'];
begin
  if tg_op = 'DELETE' then
    raise exception 'Credit note % is issued. Void it instead of deleting it.', old.number using errcode = '23001';
  end if;
  if to_jsonb(new) - moving <> to_jsonb(old) - moving then
    raise exception 'Credit note % is issued. Its figures stand.', old.number using errcode = '23001';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger credit_note_stands before update or delete on credit_notes
  for each row when (old.status = 'finalized') execute function credit_note_stands();
