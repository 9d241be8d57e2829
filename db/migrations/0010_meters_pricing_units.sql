CREATE TABLE "pricing_units" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"code" text NOT NULL,
	"name" text NOT NULL,
	"short_name" text NOT NULL,
	"description" text,
	"exponent" integer DEFAULT 2 NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "pricing_units_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "advance_meter_values" (
	"organization_id" uuid NOT NULL,
	"subscription_id" uuid NOT NULL,
	"charge_id" uuid NOT NULL,
	"period_from" timestamp (3) with time zone NOT NULL,
	"bucket" text NOT NULL,
	"value" text NOT NULL,
	"present" boolean NOT NULL,
	CONSTRAINT "advance_meter_values_organization_id_subscription_id_charge_id_period_from_bucket_value_pk" PRIMARY KEY("organization_id","subscription_id","charge_id","period_from","bucket","value")
);
--> statement-breakpoint
CREATE TABLE "advance_meters" (
	"organization_id" uuid NOT NULL,
	"subscription_id" uuid NOT NULL,
	"charge_id" uuid NOT NULL,
	"period_from" timestamp (3) with time zone NOT NULL,
	"bucket" text NOT NULL,
	"state" jsonb NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "advance_meters_organization_id_subscription_id_charge_id_period_from_bucket_pk" PRIMARY KEY("organization_id","subscription_id","charge_id","period_from","bucket")
);
--> statement-breakpoint
ALTER TABLE "fees" ADD COLUMN "pricing_unit_usage" jsonb;--> statement-breakpoint
ALTER TABLE "charges" ADD COLUMN "pricing_unit_id" uuid;--> statement-breakpoint
ALTER TABLE "charges" ADD COLUMN "conversion_rate" numeric;--> statement-breakpoint
CREATE UNIQUE INDEX "pricing_units_code" ON "pricing_units" USING btree ("organization_id","code");--> statement-breakpoint
ALTER TABLE "charges" ADD CONSTRAINT "charges_organization_id_pricing_unit_id_pricing_units_organization_id_id_fk" FOREIGN KEY ("organization_id","pricing_unit_id") REFERENCES "public"."pricing_units"("organization_id","id") ON DELETE no action ON UPDATE no action;