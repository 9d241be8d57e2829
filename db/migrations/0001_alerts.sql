CREATE TABLE "alert_thresholds" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"alert_id" uuid NOT NULL,
	"code" text,
	"value" numeric NOT NULL,
	"recurring" boolean DEFAULT false NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "alert_thresholds_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "applied_usage_thresholds" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"invoice_id" uuid NOT NULL,
	"subscription_id" uuid NOT NULL,
	"usage_threshold_id" uuid NOT NULL,
	"threshold_amount_minor" bigint NOT NULL,
	"recurring" boolean NOT NULL,
	"lifetime_usage_amount_minor" bigint NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "applied_usage_thresholds_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "lifetime_usages" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"external_subscription_id" text NOT NULL,
	"anchor" timestamp (3) with time zone NOT NULL,
	"historical_amount_minor" bigint DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "lifetime_usages_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "usage_alerts" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"external_subscription_id" text,
	"wallet_id" uuid,
	"billable_metric_id" uuid,
	"alert_type" text NOT NULL,
	"direction" text NOT NULL,
	"code" text NOT NULL,
	"name" text,
	"previous_value" numeric DEFAULT '0' NOT NULL,
	"last_processed_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	CONSTRAINT "usage_alerts_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
DROP INDEX "fees_one_per_event";--> statement-breakpoint
ALTER TABLE "alert_thresholds" ADD CONSTRAINT "alert_thresholds_organization_id_alert_id_usage_alerts_organization_id_id_fk" FOREIGN KEY ("organization_id","alert_id") REFERENCES "public"."usage_alerts"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "applied_usage_thresholds" ADD CONSTRAINT "applied_usage_thresholds_organization_id_invoice_id_invoices_organization_id_id_fk" FOREIGN KEY ("organization_id","invoice_id") REFERENCES "public"."invoices"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "alert_thresholds_alert" ON "alert_thresholds" USING btree ("organization_id","alert_id");--> statement-breakpoint
CREATE UNIQUE INDEX "applied_usage_thresholds_once" ON "applied_usage_thresholds" USING btree ("organization_id","invoice_id","usage_threshold_id");--> statement-breakpoint
CREATE INDEX "applied_usage_thresholds_subscription" ON "applied_usage_thresholds" USING btree ("organization_id","subscription_id","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "lifetime_usages_lineage" ON "lifetime_usages" USING btree ("organization_id","external_subscription_id","anchor");--> statement-breakpoint
CREATE UNIQUE INDEX "usage_alerts_subscription_code" ON "usage_alerts" USING btree ("organization_id","external_subscription_id","code") WHERE deleted_at is null and external_subscription_id is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "usage_alerts_wallet_code" ON "usage_alerts" USING btree ("organization_id","wallet_id","code") WHERE deleted_at is null and wallet_id is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "fees_one_per_event" ON "fees" USING btree ("organization_id","subscription_id","charge_id","event_transaction_id") WHERE event_transaction_id is not null and deleted_at is null;