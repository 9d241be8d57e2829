DROP INDEX "customers_name";--> statement-breakpoint
ALTER TABLE "customers" ADD COLUMN "sort_name" text GENERATED ALWAYS AS (lower(coalesce(name, external_id))) STORED;--> statement-breakpoint
CREATE INDEX "customers_sort_name" ON "customers" USING btree ("organization_id","sort_name","id");--> statement-breakpoint
CREATE INDEX "invoices_open" ON "invoices" USING btree ("organization_id","created_at","id") WHERE status = 'finalized' and payment_status <> 'succeeded';--> statement-breakpoint
CREATE INDEX "invoices_owed" ON "invoices" USING btree ("organization_id","customer_id") WHERE status = 'finalized' and payment_status <> 'succeeded';--> statement-breakpoint
CREATE INDEX "payments_failed" ON "payments" USING btree ("organization_id","created_at","id") WHERE payment_status = 'failed';