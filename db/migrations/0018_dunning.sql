CREATE TABLE "dunning_campaigns" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"code" text NOT NULL,
	"name" text NOT NULL,
	"description" text,
	"max_attempts" integer NOT NULL,
	"days_between_attempts" integer NOT NULL,
	"thresholds" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	CONSTRAINT "dunning_campaigns_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "customer_dunning" (
	"organization_id" uuid NOT NULL,
	"customer_id" uuid NOT NULL,
	"campaign_id" uuid,
	"excluded" boolean DEFAULT false NOT NULL,
	"last_attempt_at" timestamp (3) with time zone,
	"attempts" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "customer_dunning_organization_id_customer_id_pk" PRIMARY KEY("organization_id","customer_id")
);
--> statement-breakpoint
ALTER TABLE "payment_requests" ALTER COLUMN "email" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "billing_entities" ADD COLUMN "dunning_campaign_id" uuid;--> statement-breakpoint
ALTER TABLE "payment_requests" ADD COLUMN "dunning_campaign_id" uuid;--> statement-breakpoint
ALTER TABLE "customer_dunning" ADD CONSTRAINT "customer_dunning_organization_id_customer_id_customers_organization_id_id_fk" FOREIGN KEY ("organization_id","customer_id") REFERENCES "public"."customers"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "customer_dunning" ADD CONSTRAINT "customer_dunning_organization_id_campaign_id_dunning_campaigns_organization_id_id_fk" FOREIGN KEY ("organization_id","campaign_id") REFERENCES "public"."dunning_campaigns"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "dunning_campaigns_code" ON "dunning_campaigns" USING btree ("organization_id","code") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "customer_dunning_campaign" ON "customer_dunning" USING btree ("organization_id","campaign_id") WHERE campaign_id is not null;--> statement-breakpoint
ALTER TABLE "billing_entities" ADD CONSTRAINT "billing_entities_organization_id_dunning_campaign_id_dunning_campaigns_organization_id_id_fk" FOREIGN KEY ("organization_id","dunning_campaign_id") REFERENCES "public"."dunning_campaigns"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payment_requests" ADD CONSTRAINT "payment_requests_organization_id_dunning_campaign_id_dunning_campaigns_organization_id_id_fk" FOREIGN KEY ("organization_id","dunning_campaign_id") REFERENCES "public"."dunning_campaigns"("organization_id","id") ON DELETE no action ON UPDATE no action;