CREATE TABLE "customer_standings" (
	"organization_id" uuid NOT NULL,
	"customer_id" uuid NOT NULL,
	"sort_name" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"currency" text DEFAULT '' NOT NULL,
	"alive" boolean DEFAULT false NOT NULL,
	"running" boolean DEFAULT false NOT NULL,
	"paying_from" timestamp (3) with time zone,
	"trial_until" timestamp (3) with time zone,
	"gone" boolean DEFAULT false NOT NULL,
	"owing" boolean DEFAULT false NOT NULL,
	"late" boolean DEFAULT false NOT NULL,
	"owes_minor" bigint DEFAULT 0 NOT NULL,
	"mrr_minor" bigint,
	CONSTRAINT "customer_standings_organization_id_customer_id_pk" PRIMARY KEY("organization_id","customer_id")
);
--> statement-breakpoint
CREATE TABLE "tallies" (
	"organization_id" uuid NOT NULL,
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "tallies_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"subject" text NOT NULL,
	"key" text NOT NULL,
	"currency" text NOT NULL,
	"count" bigint NOT NULL,
	"amount_minor" bigint NOT NULL,
	"due_minor" bigint NOT NULL,
	CONSTRAINT "tallies_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE INDEX "customer_standings_name" ON "customer_standings" USING btree ("organization_id","sort_name","customer_id") WHERE alive;--> statement-breakpoint
CREATE INDEX "customer_standings_created" ON "customer_standings" USING btree ("organization_id","created_at","customer_id") WHERE alive;--> statement-breakpoint
CREATE INDEX "customer_standings_owing" ON "customer_standings" USING btree ("organization_id","sort_name","customer_id") WHERE alive and owing;--> statement-breakpoint
CREATE INDEX "customer_standings_gone" ON "customer_standings" USING btree ("organization_id","sort_name","customer_id") WHERE alive and gone;--> statement-breakpoint
CREATE INDEX "customer_standings_trials" ON "customer_standings" USING btree ("organization_id","trial_until","paying_from","currency","mrr_minor","owes_minor") WHERE alive and trial_until is not null;--> statement-breakpoint
CREATE INDEX "tallies_subject" ON "tallies" USING btree ("organization_id","subject","key","currency");--> statement-breakpoint
CREATE INDEX "fees_amount" ON "fees" USING btree ("organization_id","amount_minor","created_at") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "invoices_late" ON "invoices" USING btree ("organization_id","payment_due_date") WHERE status = 'finalized' and payment_status <> 'succeeded' and (payment_status = 'failed' or payment_overdue);--> statement-breakpoint
CREATE INDEX "invoices_overdue" ON "invoices" USING btree ("organization_id","created_at","id") WHERE status = 'finalized' and payment_status <> 'succeeded' and payment_overdue;--> statement-breakpoint
CREATE INDEX "invoices_failed" ON "invoices" USING btree ("organization_id","created_at","id") WHERE (status = 'finalized' and payment_status = 'failed') or status = 'failed';--> statement-breakpoint
CREATE INDEX "invoices_amount" ON "invoices" USING btree ("organization_id","total_amount_minor","created_at");--> statement-breakpoint
CREATE INDEX "outbox_parked" ON "outbox" USING btree ("organization_id","parked_at") WHERE parked_at is not null;--> statement-breakpoint
CREATE INDEX "subscriptions_plan" ON "subscriptions" USING btree ("organization_id","plan_id","started_at","id") WHERE status = 'active';
--> statement-breakpoint
-- Where an invoice stands in the lists; null for one that is in none. What is open carries why it is looked at.
create function invoice_standing(status text, payment_status text, overdue boolean, due bigint) returns text
language sql immutable as $$
  select case
    when status = 'finalized' and payment_status <> 'succeeded' and due > 0 then 'open'
      || case when payment_status = 'failed' then ' failed' else '' end || case when overdue then ' overdue' else '' end
    when status = 'finalized' then 'settled'
    when status in ('draft', 'voided', 'pending', 'failed') then status
  end
$$;
--> statement-breakpoint
create function tally_invoices_changed() returns trigger language plpgsql as $$
begin
  insert into tallies (organization_id, subject, key, currency, count, amount_minor, due_minor)
  select organization_id, 'invoices', standing, currency, sum(sign), sum(sign * total_amount_minor), sum(sign * owed)
  from (
    select organization_id, currency, sign, total_amount_minor,
      invoice_standing(status, payment_status, payment_overdue, due) as standing,
      case when status = 'finalized' and payment_status <> 'succeeded' then greatest(due, 0) else 0 end as owed
    from (
      select *, total_amount_minor - total_paid_amount_minor - total_offsetted_credit_note_amount_minor as due
      from (select organization_id, currency, status, payment_status, payment_overdue, total_amount_minor,
        total_paid_amount_minor, total_offsetted_credit_note_amount_minor, case tg_op when 'DELETE' then -1 else 1 end as sign from changed) sides) weighed) placed
  where standing is not null
  group by organization_id, standing, currency
  having sum(sign) <> 0 or sum(sign * total_amount_minor) <> 0 or sum(sign * owed) <> 0;
  return null;
end $$;
--> statement-breakpoint
create function tally_invoices_moved() returns trigger language plpgsql as $$
begin
  insert into tallies (organization_id, subject, key, currency, count, amount_minor, due_minor)
  select organization_id, 'invoices', standing, currency, sum(sign), sum(sign * total_amount_minor), sum(sign * owed)
  from (
    select organization_id, currency, sign, total_amount_minor,
      invoice_standing(status, payment_status, payment_overdue, due) as standing,
      case when status = 'finalized' and payment_status <> 'succeeded' then greatest(due, 0) else 0 end as owed
    from (
      select *, total_amount_minor - total_paid_amount_minor - total_offsetted_credit_note_amount_minor as due
      from (select organization_id, currency, status, payment_status, payment_overdue, total_amount_minor,
        total_paid_amount_minor, total_offsetted_credit_note_amount_minor, -1 as sign from before union all select organization_id, currency, status, payment_status, payment_overdue, total_amount_minor,
        total_paid_amount_minor, total_offsetted_credit_note_amount_minor, 1 from after) sides) weighed) placed
  where standing is not null
  group by organization_id, standing, currency
  having sum(sign) <> 0 or sum(sign * total_amount_minor) <> 0 or sum(sign * owed) <> 0;
  return null;
end $$;
--> statement-breakpoint
create trigger tally_invoices_moved after update on invoices
  referencing old table as before new table as after for each statement execute function tally_invoices_moved();
--> statement-breakpoint
create trigger tally_invoices_removed after delete on invoices
  referencing old table as changed for each statement execute function tally_invoices_changed();
--> statement-breakpoint
create trigger tally_invoices_added after insert on invoices
  referencing new table as changed for each statement execute function tally_invoices_changed();
--> statement-breakpoint
create function tally_standings_changed() returns trigger language plpgsql as $$
begin
  insert into tallies (organization_id, subject, key, currency, count, amount_minor, due_minor)
  select organization_id, 'customers', concat_ws(' ', case when running then 'running' end,
    case when gone then 'gone' end, case when owing then 'owing' end) as key, currency, sum(sign),
    coalesce(sum(sign * mrr_minor), 0), sum(sign * owes_minor)
  from (select organization_id, currency, alive, running, gone, owing, mrr_minor, owes_minor, case tg_op when 'DELETE' then -1 else 1 end as sign from changed) sides where alive
  group by organization_id, key, currency
  having sum(sign) <> 0 or coalesce(sum(sign * mrr_minor), 0) <> 0 or sum(sign * owes_minor) <> 0;
  return null;
end $$;
--> statement-breakpoint
create function tally_standings_moved() returns trigger language plpgsql as $$
begin
  insert into tallies (organization_id, subject, key, currency, count, amount_minor, due_minor)
  select organization_id, 'customers', concat_ws(' ', case when running then 'running' end,
    case when gone then 'gone' end, case when owing then 'owing' end) as key, currency, sum(sign),
    coalesce(sum(sign * mrr_minor), 0), sum(sign * owes_minor)
  from (select organization_id, currency, alive, running, gone, owing, mrr_minor, owes_minor, -1 as sign from before union all select organization_id, currency, alive, running, gone, owing, mrr_minor, owes_minor, 1 from after) sides where alive
  group by organization_id, key, currency
  having sum(sign) <> 0 or coalesce(sum(sign * mrr_minor), 0) <> 0 or sum(sign * owes_minor) <> 0;
  return null;
end $$;
--> statement-breakpoint
create trigger tally_standings_moved after update on customer_standings
  referencing old table as before new table as after for each statement execute function tally_standings_moved();
--> statement-breakpoint
create trigger tally_standings_removed after delete on customer_standings
  referencing old table as changed for each statement execute function tally_standings_changed();
--> statement-breakpoint
create trigger tally_standings_added after insert on customer_standings
  referencing new table as changed for each statement execute function tally_standings_changed();
--> statement-breakpoint
create function tally_subscriptions_changed() returns trigger language plpgsql as $$
begin
  insert into tallies (organization_id, subject, key, currency, count, amount_minor, due_minor)
  select organization_id, 'subscriptions', plan_version_id::text, '', sum(sign), 0, 0
  from (select organization_id, plan_version_id, status, case tg_op when 'DELETE' then -1 else 1 end as sign from changed) sides where status = 'active'
  group by organization_id, plan_version_id having sum(sign) <> 0;
  return null;
end $$;
--> statement-breakpoint
create function tally_subscriptions_moved() returns trigger language plpgsql as $$
begin
  insert into tallies (organization_id, subject, key, currency, count, amount_minor, due_minor)
  select organization_id, 'subscriptions', plan_version_id::text, '', sum(sign), 0, 0
  from (select organization_id, plan_version_id, status, -1 as sign from before union all select organization_id, plan_version_id, status, 1 from after) sides where status = 'active'
  group by organization_id, plan_version_id having sum(sign) <> 0;
  return null;
end $$;
--> statement-breakpoint
create trigger tally_subscriptions_moved after update on subscriptions
  referencing old table as before new table as after for each statement execute function tally_subscriptions_moved();
--> statement-breakpoint
create trigger tally_subscriptions_removed after delete on subscriptions
  referencing old table as changed for each statement execute function tally_subscriptions_changed();
--> statement-breakpoint
create trigger tally_subscriptions_added after insert on subscriptions
  referencing new table as changed for each statement execute function tally_subscriptions_changed();
--> statement-breakpoint
create function tally_revenue_changed() returns trigger language plpgsql as $$
begin
  insert into tallies (organization_id, subject, key, currency, count, amount_minor, due_minor)
  select organization_id, 'revenue', plan_id, currency, sum(sign), sum(sign * net), 0
  from (
    select organization_id, customer_id, currency, sign, part.value ->> 'planId' as plan_id,
      sum((part.value ->> 'net')::numeric) as net
    from (select organization_id, customer_id, currency, mrr_minor, parts, case tg_op when 'DELETE' then -1 else 1 end as sign from changed) sides cross join lateral jsonb_each(parts) part where mrr_minor > 0
    group by organization_id, customer_id, currency, sign, part.value ->> 'planId') shares
  group by organization_id, plan_id, currency having sum(sign) <> 0 or sum(sign * net) <> 0;
  return null;
end $$;
--> statement-breakpoint
create function tally_revenue_moved() returns trigger language plpgsql as $$
begin
  insert into tallies (organization_id, subject, key, currency, count, amount_minor, due_minor)
  select organization_id, 'revenue', plan_id, currency, sum(sign), sum(sign * net), 0
  from (
    select organization_id, customer_id, currency, sign, part.value ->> 'planId' as plan_id,
      sum((part.value ->> 'net')::numeric) as net
    from (select organization_id, customer_id, currency, mrr_minor, parts, -1 as sign from before union all select organization_id, customer_id, currency, mrr_minor, parts, 1 from after) sides cross join lateral jsonb_each(parts) part where mrr_minor > 0
    group by organization_id, customer_id, currency, sign, part.value ->> 'planId') shares
  group by organization_id, plan_id, currency having sum(sign) <> 0 or sum(sign * net) <> 0;
  return null;
end $$;
--> statement-breakpoint
create trigger tally_revenue_moved after update on customer_revenue
  referencing old table as before new table as after for each statement execute function tally_revenue_moved();
--> statement-breakpoint
create trigger tally_revenue_removed after delete on customer_revenue
  referencing old table as changed for each statement execute function tally_revenue_changed();
--> statement-breakpoint
create trigger tally_revenue_added after insert on customer_revenue
  referencing new table as changed for each statement execute function tally_revenue_changed();
--> statement-breakpoint
create function tally_movements_changed() returns trigger language plpgsql as $$
begin
  insert into tallies (organization_id, subject, key, currency, count, amount_minor, due_minor)
  select organization_id, 'movements', to_char(day, 'YYYY-MM ') || kind, currency, sum(sign), sum(sign * amount_minor), 0
  from (select organization_id, day, kind, currency, amount_minor, case tg_op when 'DELETE' then -1 else 1 end as sign from changed) sides
  group by organization_id, to_char(day, 'YYYY-MM ') || kind, currency;
  return null;
end $$;
--> statement-breakpoint
create trigger tally_movements_added after insert on revenue_movements
  referencing new table as changed for each statement execute function tally_movements_changed();
--> statement-breakpoint
-- Works out anew where customers stand. The rows are locked first, in one order, and read in a statement after that, so
-- that of two transactions the later one sees what the earlier one did.
create function stand_anew(organizations uuid[], ids uuid[]) returns void language plpgsql as $$
begin
  insert into customer_standings (organization_id, customer_id, sort_name, created_at)
  select c.organization_id, c.id, c.sort_name, c.created_at
  from (select distinct organization_id, id from unnest(organizations, ids) given (organization_id, id)) given
  join customers c on c.organization_id = given.organization_id and c.id = given.id
  order by c.id on conflict do nothing;
  perform 1 from customer_standings s
  where (s.organization_id, s.customer_id) in (select * from unnest(organizations, ids))
  order by s.customer_id for update;
  update customer_standings s
  set currency = f.currency, alive = f.alive, running = f.running, paying_from = f.paying_from,
    trial_until = f.trial_until, gone = f.gone, owing = f.owing, late = f.late, owes_minor = f.owes_minor,
    mrr_minor = f.mrr_minor, sort_name = f.sort_name, created_at = f.created_at
  from (
    select c.organization_id, c.id, coalesce(c.currency, '') as currency, c.deleted_at is null as alive,
      coalesce(own.running, false) as running, own.paying_from, own.trial_until,
      coalesce(own.ended and not own.running, false) and not exists (
        select 1 from subscriptions p where p.organization_id = c.organization_id and p.customer_id = c.id
          and p.status = 'terminated' and p.paused_at is not null and not exists (
            select 1 from subscriptions n where n.organization_id = p.organization_id
              and n.previous_subscription_id = p.id and n.status <> 'canceled')) as gone,
      coalesce(debt.owing, false) as owing, coalesce(debt.late, false) as late, coalesce(debt.owes, 0) as owes_minor,
      r.mrr_minor, c.sort_name, c.created_at
    from (select distinct organization_id, id from unnest(organizations, ids) given (organization_id, id)) given
    join customers c on c.organization_id = given.organization_id and c.id = given.id
    left join lateral (
      select bool_or(s.status = 'active') as running, bool_or(s.status = 'terminated') as ended,
        min(coalesce(s.trial_ends_at, '-infinity')) filter (where s.status = 'active') as paying_from,
        max(s.trial_ends_at) filter (where s.status = 'active') as trial_until
      from subscriptions s where s.organization_id = c.organization_id and s.customer_id = c.id
    ) own on true
    left join lateral (
      select bool_or(i.due > 0) as owing,
        bool_or(i.payment_status = 'failed' or i.payment_overdue) filter (where i.currency = c.currency) as late,
        sum(greatest(i.due, 0)) filter (where i.currency = c.currency) as owes
      from (
        select i.currency, i.payment_status, i.payment_overdue,
          i.total_amount_minor - i.total_paid_amount_minor - i.total_offsetted_credit_note_amount_minor as due
        from invoices i where i.organization_id = c.organization_id and i.customer_id = c.id
          and i.status = 'finalized' and i.payment_status <> 'succeeded'
      ) i
    ) debt on true
    left join customer_revenue r on r.organization_id = c.organization_id and r.customer_id = c.id
      and r.currency = c.currency
  ) f
  where s.organization_id = f.organization_id and s.customer_id = f.id
    and (s.currency, s.alive, s.running, s.paying_from, s.trial_until, s.gone, s.owing, s.late, s.owes_minor,
      s.mrr_minor, s.sort_name, s.created_at) is distinct from (f.currency, f.alive, f.running, f.paying_from,
      f.trial_until, f.gone, f.owing, f.late, f.owes_minor, f.mrr_minor, f.sort_name, f.created_at);
end $$;
--> statement-breakpoint
create function stand_customers_changed() returns trigger language plpgsql as $$
begin
  perform stand_anew(organizations, ids) from (
    select array_agg(organization_id) as organizations, array_agg(id) as ids from changed) those
  where ids is not null;
  return null;
end $$;
--> statement-breakpoint
create function stand_customers_moved() returns trigger language plpgsql as $$
begin
  perform stand_anew(organizations, ids) from (
    select array_agg(organization_id) as organizations, array_agg(a.id) as ids
    from before b join after a using (organization_id, id)
    where (b.currency, b.deleted_at, b.sort_name, b.created_at)
      is distinct from (a.currency, a.deleted_at, a.sort_name, a.created_at)) those
  where ids is not null;
  return null;
end $$;
--> statement-breakpoint
create trigger stand_added after insert on customers
  referencing new table as changed for each statement execute function stand_customers_changed();
--> statement-breakpoint
create trigger stand_moved after update on customers
  referencing old table as before new table as after for each statement execute function stand_customers_moved();
--> statement-breakpoint
create function stand_no_more() returns trigger language plpgsql as $$
begin
  delete from customer_standings s using changed c
  where s.organization_id = c.organization_id and s.customer_id = c.id;
  return null;
end $$;
--> statement-breakpoint
create trigger stand_removed after delete on customers
  referencing old table as changed for each statement execute function stand_no_more();
--> statement-breakpoint
create function stand_subscriptions_changed() returns trigger language plpgsql as $$
begin
  perform stand_anew(organizations, ids) from (
    select array_agg(organization_id) as organizations, array_agg(customer_id) as ids from changed) those
  where ids is not null;
  return null;
end $$;
--> statement-breakpoint
create function stand_subscriptions_moved() returns trigger language plpgsql as $$
begin
  perform stand_anew(organizations, ids) from (
    select array_agg(organization_id) as organizations, array_agg(a.customer_id) as ids
    from before b join after a using (organization_id, id)
    where (b.customer_id, b.status, b.trial_ends_at, b.paused_at) is distinct from
      (a.customer_id, a.status, a.trial_ends_at, a.paused_at)) those
  where ids is not null;
  return null;
end $$;
--> statement-breakpoint
create trigger stand_added after insert on subscriptions
  referencing new table as changed for each statement execute function stand_subscriptions_changed();
--> statement-breakpoint
create trigger stand_moved after update on subscriptions
  referencing old table as before new table as after for each statement execute function stand_subscriptions_moved();
--> statement-breakpoint
create trigger stand_removed after delete on subscriptions
  referencing old table as changed for each statement execute function stand_subscriptions_changed();
--> statement-breakpoint
create function stand_customer_revenue_changed() returns trigger language plpgsql as $$
begin
  perform stand_anew(organizations, ids) from (
    select array_agg(organization_id) as organizations, array_agg(customer_id) as ids from changed) those
  where ids is not null;
  return null;
end $$;
--> statement-breakpoint
create function stand_customer_revenue_moved() returns trigger language plpgsql as $$
begin
  perform stand_anew(organizations, ids) from (
    select array_agg(organization_id) as organizations, array_agg(customer_id) as ids
    from before b join after a using (organization_id, customer_id, currency)
    where b.mrr_minor <> a.mrr_minor) those
  where ids is not null;
  return null;
end $$;
--> statement-breakpoint
create trigger stand_added after insert on customer_revenue
  referencing new table as changed for each statement execute function stand_customer_revenue_changed();
--> statement-breakpoint
create trigger stand_moved after update on customer_revenue
  referencing old table as before new table as after for each statement execute function stand_customer_revenue_moved();
--> statement-breakpoint
create trigger stand_removed after delete on customer_revenue
  referencing old table as changed for each statement execute function stand_customer_revenue_changed();
--> statement-breakpoint
create function stand_invoices_changed() returns trigger language plpgsql as $$
begin
  perform stand_anew(organizations, ids) from (
    select array_agg(organization_id) as organizations, array_agg(customer_id) as ids from changed where status = 'finalized' and payment_status <> 'succeeded') those
  where ids is not null;
  return null;
end $$;
--> statement-breakpoint
create function stand_invoices_moved() returns trigger language plpgsql as $$
begin
  perform stand_anew(organizations, ids) from (
    select array_agg(organization_id) as organizations, array_agg(a.customer_id) as ids
    from before b join after a using (organization_id, id)
    where (a.status = 'finalized' or b.status = 'finalized') and (b.status = 'finalized' and b.payment_status <> 'succeeded', b.payment_status = 'failed' or b.payment_overdue,
      b.total_amount_minor - b.total_paid_amount_minor - b.total_offsetted_credit_note_amount_minor)
      is distinct from (a.status = 'finalized' and a.payment_status <> 'succeeded', a.payment_status = 'failed' or a.payment_overdue,
      a.total_amount_minor - a.total_paid_amount_minor - a.total_offsetted_credit_note_amount_minor)) those
  where ids is not null;
  return null;
end $$;
--> statement-breakpoint
create trigger stand_added after insert on invoices
  referencing new table as changed for each statement execute function stand_invoices_changed();
--> statement-breakpoint
create trigger stand_moved after update on invoices
  referencing old table as before new table as after for each statement execute function stand_invoices_moved();
--> statement-breakpoint
create trigger stand_removed after delete on invoices
  referencing old table as changed for each statement execute function stand_invoices_changed();
--> statement-breakpoint
insert into tallies (organization_id, subject, key, currency, count, amount_minor, due_minor)
  select organization_id, 'invoices', standing, currency, sum(sign), sum(sign * total_amount_minor), sum(sign * owed)
  from (
    select organization_id, currency, sign, total_amount_minor,
      invoice_standing(status, payment_status, payment_overdue, due) as standing,
      case when status = 'finalized' and payment_status <> 'succeeded' then greatest(due, 0) else 0 end as owed
    from (
      select *, total_amount_minor - total_paid_amount_minor - total_offsetted_credit_note_amount_minor as due
      from (select organization_id, currency, status, payment_status, payment_overdue, total_amount_minor,
        total_paid_amount_minor, total_offsetted_credit_note_amount_minor, 1 as sign from invoices) sides) weighed) placed
  where standing is not null
  group by organization_id, standing, currency
  having sum(sign) <> 0 or sum(sign * total_amount_minor) <> 0 or sum(sign * owed) <> 0;
--> statement-breakpoint
insert into tallies (organization_id, subject, key, currency, count, amount_minor, due_minor)
  select organization_id, 'subscriptions', plan_version_id::text, '', sum(sign), 0, 0
  from (select organization_id, plan_version_id, status, 1 as sign from subscriptions) sides where status = 'active'
  group by organization_id, plan_version_id having sum(sign) <> 0;
--> statement-breakpoint
insert into tallies (organization_id, subject, key, currency, count, amount_minor, due_minor)
  select organization_id, 'revenue', plan_id, currency, sum(sign), sum(sign * net), 0
  from (
    select organization_id, customer_id, currency, sign, part.value ->> 'planId' as plan_id,
      sum((part.value ->> 'net')::numeric) as net
    from (select organization_id, customer_id, currency, mrr_minor, parts, 1 as sign from customer_revenue) sides cross join lateral jsonb_each(parts) part where mrr_minor > 0
    group by organization_id, customer_id, currency, sign, part.value ->> 'planId') shares
  group by organization_id, plan_id, currency having sum(sign) <> 0 or sum(sign * net) <> 0;
--> statement-breakpoint
insert into tallies (organization_id, subject, key, currency, count, amount_minor, due_minor)
  select organization_id, 'movements', to_char(day, 'YYYY-MM ') || kind, currency, sum(sign), sum(sign * amount_minor), 0
  from (select organization_id, day, kind, currency, amount_minor, 1 as sign from revenue_movements) sides
  group by organization_id, to_char(day, 'YYYY-MM ') || kind, currency;
--> statement-breakpoint
select stand_anew(array_agg(organization_id), array_agg(id)) from customers having count(*) > 0;
--> statement-breakpoint
-- What all customers used in an hour stands beside what each did, as the row of nobody.
insert into usage_rollups (organization_id, external_subscription_id, code, field_name, hour, events_count, sum)
select organization_id, '', code, field_name, hour, sum(events_count), sum(sum)
from usage_rollups where external_subscription_id <> ''
group by organization_id, code, field_name, hour
on conflict do nothing;
--> statement-breakpoint
-- Searching needs operators that row-level security keeps away from indexes, because they might leak. So it has functions
-- that run as the tables' owner and hold themselves to the organisation the policies let the caller see.
create function visible_organization() returns uuid language sql stable as $$
  select nullif(current_setting('app.organization_id', true), '')::uuid
$$;
--> statement-breakpoint
create function customer_words(name text, firstname text, lastname text, external_id text, email text, url text)
returns text language sql immutable as $$
  select lower(coalesce(name, '') || E'\n' || coalesce(firstname, '') || ' ' || coalesce(lastname, '') || E'\n'
    || external_id || E'\n' || coalesce(email, '') || E'\n' || coalesce(url, ''))
$$;
--> statement-breakpoint
-- Without the extension, which every PostgreSQL with its contributed modules has, searching reads all customers.
do $$ begin
  create extension if not exists pg_trgm;
  create index customers_words on customers using gin (
    customer_words(name, firstname, lastname, external_id, email, url) gin_trgm_ops) where deleted_at is null;
exception when others then
  raise notice 'Searching customers has no index: %', sqlerrm;
end $$;
--> statement-breakpoint
create function customers_matching(pattern text, most int) returns setof uuid
language sql stable security definer rows 20 set search_path = pg_catalog, public, pg_temp as $$
  select id from customers
  where organization_id = (select visible_organization()) and deleted_at is null
    and customer_words(name, firstname, lastname, external_id, email, url) like pattern
  limit most
$$;
--> statement-breakpoint
create index invoices_number_start on invoices (organization_id, lower(number) text_pattern_ops) where number is not null;
--> statement-breakpoint
create index invoices_number_end on invoices (organization_id, reverse(lower(number)) text_pattern_ops) where number is not null;
--> statement-breakpoint
create function invoices_numbered(starting text, ending text, most int) returns setof uuid
language sql stable security definer rows 20 set search_path = pg_catalog, public, pg_temp as $$
  (select id from invoices where organization_id = (select visible_organization()) and number is not null
    and lower(number) ~>=~ starting and lower(number) ~<~ (starting || chr(1114111)) limit most)
  union
  (select id from invoices where organization_id = (select visible_organization()) and number is not null
    and ending <> '' and reverse(lower(number)) ~>=~ reverse(ending)
      and reverse(lower(number)) ~<~ (reverse(ending) || chr(1114111)) limit most)
$$;
