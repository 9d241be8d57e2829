CREATE TABLE "adjusted_fees" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"invoice_id" uuid NOT NULL,
	"line_key" text NOT NULL,
	"units" numeric,
	"unit_precise_amount" numeric,
	"invoice_display_name" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "adjusted_fees_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
ALTER TABLE "fees" ADD COLUMN "line_key" text;--> statement-breakpoint
ALTER TABLE "adjusted_fees" ADD CONSTRAINT "adjusted_fees_organization_id_invoice_id_invoices_organization_id_id_fk" FOREIGN KEY ("organization_id","invoice_id") REFERENCES "public"."invoices"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "adjusted_fees_once" ON "adjusted_fees" USING btree ("organization_id","invoice_id","line_key");