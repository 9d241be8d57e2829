CREATE TABLE "api_answers" (
	"organization_id" uuid NOT NULL,
	"key" text NOT NULL,
	"claim_id" uuid NOT NULL,
	"request_hash" text NOT NULL,
	"status" integer,
	"body" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"locked_until" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "api_answers_organization_id_key_pk" PRIMARY KEY("organization_id","key")
);
--> statement-breakpoint
CREATE TABLE "api_requests" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"request_id" text NOT NULL,
	"method" text NOT NULL,
	"path" text NOT NULL,
	"status" integer NOT NULL,
	"duration_ms" integer NOT NULL,
	"api_key_id" uuid,
	"client" text,
	"error" jsonb,
	"occurred_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "api_requests_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "requests_per_minute" integer;--> statement-breakpoint
CREATE INDEX "api_answers_expiry" ON "api_answers" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "api_requests_refused" ON "api_requests" USING btree ("organization_id","id") WHERE status >= 400;--> statement-breakpoint
CREATE INDEX "api_requests_key" ON "api_requests" USING btree ("organization_id","api_key_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "api_requests_request" ON "api_requests" USING btree ("organization_id","request_id","id");