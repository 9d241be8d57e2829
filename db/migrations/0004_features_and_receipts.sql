CREATE TABLE "features" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"code" text NOT NULL,
	"name" text,
	"description" text,
	"privileges" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	CONSTRAINT "features_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "plan_entitlements" (
	"organization_id" uuid NOT NULL,
	"plan_id" uuid NOT NULL,
	"feature_id" uuid NOT NULL,
	"values" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "plan_entitlements_organization_id_plan_id_feature_id_pk" PRIMARY KEY("organization_id","plan_id","feature_id")
);
--> statement-breakpoint
CREATE TABLE "subscription_entitlements" (
	"organization_id" uuid NOT NULL,
	"subscription_id" uuid NOT NULL,
	"feature_id" uuid NOT NULL,
	"removed_at" timestamp (3) with time zone,
	"values" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"removed_privileges" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "subscription_entitlements_organization_id_subscription_id_feature_id_pk" PRIMARY KEY("organization_id","subscription_id","feature_id")
);
--> statement-breakpoint
CREATE TABLE "payment_receipts" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"payment_id" uuid NOT NULL,
	"customer_id" uuid NOT NULL,
	"number" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "payment_receipts_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
ALTER TABLE "payments" ADD COLUMN "payment_request_id" uuid;--> statement-breakpoint
ALTER TABLE "payments" ADD COLUMN "part_of_id" uuid;--> statement-breakpoint
ALTER TABLE "plan_entitlements" ADD CONSTRAINT "plan_entitlements_organization_id_plan_id_plans_organization_id_id_fk" FOREIGN KEY ("organization_id","plan_id") REFERENCES "public"."plans"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "plan_entitlements" ADD CONSTRAINT "plan_entitlements_organization_id_feature_id_features_organization_id_id_fk" FOREIGN KEY ("organization_id","feature_id") REFERENCES "public"."features"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subscription_entitlements" ADD CONSTRAINT "subscription_entitlements_organization_id_subscription_id_subscriptions_organization_id_id_fk" FOREIGN KEY ("organization_id","subscription_id") REFERENCES "public"."subscriptions"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subscription_entitlements" ADD CONSTRAINT "subscription_entitlements_organization_id_feature_id_features_organization_id_id_fk" FOREIGN KEY ("organization_id","feature_id") REFERENCES "public"."features"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payment_receipts" ADD CONSTRAINT "payment_receipts_organization_id_payment_id_payments_organization_id_id_fk" FOREIGN KEY ("organization_id","payment_id") REFERENCES "public"."payments"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payment_receipts" ADD CONSTRAINT "payment_receipts_organization_id_customer_id_customers_organization_id_id_fk" FOREIGN KEY ("organization_id","customer_id") REFERENCES "public"."customers"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "features_code" ON "features" USING btree ("organization_id","code") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "features_created" ON "features" USING btree ("organization_id","created_at","id");--> statement-breakpoint
CREATE INDEX "plan_entitlements_feature" ON "plan_entitlements" USING btree ("organization_id","feature_id");--> statement-breakpoint
CREATE INDEX "subscription_entitlements_feature" ON "subscription_entitlements" USING btree ("organization_id","feature_id");--> statement-breakpoint
CREATE UNIQUE INDEX "payment_receipts_payment" ON "payment_receipts" USING btree ("organization_id","payment_id");--> statement-breakpoint
CREATE INDEX "payment_receipts_created" ON "payment_receipts" USING btree ("organization_id","created_at","id");--> statement-breakpoint
CREATE INDEX "payments_part_of" ON "payments" USING btree ("organization_id","part_of_id") WHERE part_of_id is not null;