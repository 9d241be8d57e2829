ALTER TABLE "credit_notes" ADD COLUMN "parties" jsonb;--> statement-breakpoint
ALTER TABLE "invoice_facts" ADD COLUMN "parties" jsonb;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD COLUMN "closed_sequence" bigint;--> statement-breakpoint
CREATE INDEX "webhook_deliveries_age" ON "webhook_deliveries" USING btree ("created_at") WHERE status <> 'waiting';