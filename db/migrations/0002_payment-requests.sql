CREATE TABLE "payment_request_invoices" (
	"organization_id" uuid NOT NULL,
	"payment_request_id" uuid NOT NULL,
	"invoice_id" uuid NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "payment_request_invoices_organization_id_payment_request_id_invoice_id_pk" PRIMARY KEY("organization_id","payment_request_id","invoice_id")
);
--> statement-breakpoint
CREATE TABLE "payment_requests" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"customer_id" uuid NOT NULL,
	"billing_entity_id" uuid NOT NULL,
	"email" text NOT NULL,
	"amount_minor" bigint NOT NULL,
	"currency" text NOT NULL,
	"payment_status" text DEFAULT 'pending' NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "payment_requests_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
ALTER TABLE "payment_request_invoices" ADD CONSTRAINT "payment_request_invoices_organization_id_payment_request_id_payment_requests_organization_id_id_fk" FOREIGN KEY ("organization_id","payment_request_id") REFERENCES "public"."payment_requests"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payment_request_invoices" ADD CONSTRAINT "payment_request_invoices_organization_id_invoice_id_invoices_organization_id_id_fk" FOREIGN KEY ("organization_id","invoice_id") REFERENCES "public"."invoices"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payment_requests" ADD CONSTRAINT "payment_requests_organization_id_customer_id_customers_organization_id_id_fk" FOREIGN KEY ("organization_id","customer_id") REFERENCES "public"."customers"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payment_requests" ADD CONSTRAINT "payment_requests_organization_id_billing_entity_id_billing_entities_organization_id_id_fk" FOREIGN KEY ("organization_id","billing_entity_id") REFERENCES "public"."billing_entities"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "payment_request_invoices_invoice" ON "payment_request_invoices" USING btree ("organization_id","invoice_id");--> statement-breakpoint
CREATE INDEX "payment_requests_customer" ON "payment_requests" USING btree ("organization_id","customer_id","created_at");--> statement-breakpoint
CREATE INDEX "payment_requests_created" ON "payment_requests" USING btree ("organization_id","created_at","id");