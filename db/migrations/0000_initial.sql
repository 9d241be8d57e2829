CREATE TABLE "approval_requests" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"command" text NOT NULL,
	"title" text NOT NULL,
	"input" jsonb NOT NULL,
	"customer_id" uuid,
	"amount_minor" bigint,
	"currency" text,
	"reason_code" text,
	"note" text,
	"over_by" text NOT NULL,
	"requested_by" uuid NOT NULL,
	"requested_by_name" text NOT NULL,
	"status" text DEFAULT 'waiting' NOT NULL,
	"decided_by" uuid,
	"decided_by_name" text,
	"decided_at" timestamp (3) with time zone,
	"decision_note" text,
	"audit_row_id" uuid,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "approval_requests_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "audit_rows" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"command" text NOT NULL,
	"title" text NOT NULL,
	"actor_type" text NOT NULL,
	"actor_id" uuid,
	"actor_name" text NOT NULL,
	"roles" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"customer_id" uuid,
	"subscription_id" uuid,
	"subject_type" text NOT NULL,
	"subject_id" uuid,
	"input" jsonb NOT NULL,
	"before" jsonb,
	"after" jsonb,
	"given_away_minor" bigint,
	"limit_act" text,
	"limit_quantity" bigint,
	"currency" text,
	"reason_code" text,
	"note" text,
	"undo_class" text,
	"undo_until" timestamp (3) with time zone,
	"inverse" jsonb,
	"undoes_id" uuid,
	"approval_id" uuid,
	"preview_token" text,
	"request_id" text,
	"occurred_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "audit_rows_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"organization_id" uuid NOT NULL,
	"key" text NOT NULL,
	"actor_id" uuid NOT NULL,
	"command" text NOT NULL,
	"input_hash" text NOT NULL,
	"audit_row_id" uuid,
	"result" jsonb,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "idempotency_keys_organization_id_actor_id_key_pk" PRIMARY KEY("organization_id","actor_id","key")
);
--> statement-breakpoint
CREATE TABLE "add_ons" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"code" text NOT NULL,
	"name" text NOT NULL,
	"invoice_display_name" text,
	"description" text,
	"amount_minor" bigint NOT NULL,
	"currency" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	CONSTRAINT "add_ons_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "billable_metrics" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"code" text NOT NULL,
	"name" text NOT NULL,
	"description" text,
	"aggregation_type" text NOT NULL,
	"field_name" text,
	"recurring" boolean DEFAULT false NOT NULL,
	"expression" text,
	"rounding_function" text,
	"rounding_precision" integer,
	"weighted_interval" text,
	"filters" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"unit_name" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	CONSTRAINT "billable_metrics_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "tax_assignments" (
	"organization_id" uuid NOT NULL,
	"owner_type" text NOT NULL,
	"owner_id" uuid NOT NULL,
	"tax_id" uuid NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "tax_assignments_organization_id_owner_type_owner_id_tax_id_pk" PRIMARY KEY("organization_id","owner_type","owner_id","tax_id")
);
--> statement-breakpoint
CREATE TABLE "taxes" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"code" text NOT NULL,
	"name" text NOT NULL,
	"rate" numeric NOT NULL,
	"description" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	CONSTRAINT "taxes_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "applied_coupons" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"coupon_id" uuid NOT NULL,
	"customer_id" uuid NOT NULL,
	"status" text DEFAULT 'active' NOT NULL,
	"amount_minor" bigint,
	"currency" text,
	"percentage_rate" numeric,
	"frequency" text NOT NULL,
	"frequency_duration" integer,
	"frequency_duration_remaining" integer,
	"created_at" timestamp (3) with time zone NOT NULL,
	"terminated_at" timestamp (3) with time zone,
	CONSTRAINT "applied_coupons_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "coupon_targets" (
	"organization_id" uuid NOT NULL,
	"coupon_id" uuid NOT NULL,
	"target_type" text NOT NULL,
	"target_id" uuid NOT NULL,
	CONSTRAINT "coupon_targets_organization_id_coupon_id_target_type_target_id_pk" PRIMARY KEY("organization_id","coupon_id","target_type","target_id")
);
--> statement-breakpoint
CREATE TABLE "coupons" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"code" text NOT NULL,
	"name" text NOT NULL,
	"description" text,
	"status" text DEFAULT 'active' NOT NULL,
	"coupon_type" text NOT NULL,
	"amount_minor" bigint,
	"currency" text,
	"percentage_rate" numeric,
	"frequency" text NOT NULL,
	"frequency_duration" integer,
	"reusable" boolean DEFAULT true NOT NULL,
	"limited_plans" boolean DEFAULT false NOT NULL,
	"limited_billable_metrics" boolean DEFAULT false NOT NULL,
	"expiration" text NOT NULL,
	"expiration_at" timestamp (3) with time zone,
	"ad_hoc" boolean DEFAULT false NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"terminated_at" timestamp (3) with time zone,
	"deleted_at" timestamp (3) with time zone,
	CONSTRAINT "coupons_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "credit_note_items" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"credit_note_id" uuid NOT NULL,
	"fee_id" uuid NOT NULL,
	"amount_minor" bigint NOT NULL,
	"precise_amount_minor" numeric NOT NULL,
	"currency" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "credit_note_items_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "credit_note_taxes" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"credit_note_id" uuid NOT NULL,
	"tax_id" uuid,
	"tax_code" text NOT NULL,
	"tax_name" text NOT NULL,
	"tax_rate" numeric NOT NULL,
	"tax_description" text,
	"base_amount_minor" bigint NOT NULL,
	"amount_minor" bigint NOT NULL,
	"currency" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "credit_note_taxes_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "credit_notes" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"customer_id" uuid NOT NULL,
	"invoice_id" uuid NOT NULL,
	"sequential_id" integer NOT NULL,
	"number" text NOT NULL,
	"status" text NOT NULL,
	"credit_status" text,
	"refund_status" text,
	"reason" text NOT NULL,
	"description" text,
	"currency" text NOT NULL,
	"issuing_date" date NOT NULL,
	"total_amount_minor" bigint NOT NULL,
	"credit_amount_minor" bigint DEFAULT 0 NOT NULL,
	"refund_amount_minor" bigint DEFAULT 0 NOT NULL,
	"offset_amount_minor" bigint DEFAULT 0 NOT NULL,
	"balance_amount_minor" bigint DEFAULT 0 NOT NULL,
	"sub_total_excluding_taxes_minor" bigint NOT NULL,
	"coupons_adjustment_amount_minor" bigint DEFAULT 0 NOT NULL,
	"precise_coupons_adjustment_amount_minor" numeric DEFAULT '0' NOT NULL,
	"taxes_amount_minor" bigint DEFAULT 0 NOT NULL,
	"precise_taxes_amount_minor" numeric DEFAULT '0' NOT NULL,
	"taxes_rate" numeric DEFAULT '0' NOT NULL,
	"self_billed" boolean DEFAULT false NOT NULL,
	"metadata" jsonb,
	"voided_at" timestamp (3) with time zone,
	"refunded_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "credit_notes_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "customers" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"billing_entity_id" uuid NOT NULL,
	"external_id" text NOT NULL,
	"sequential_id" bigint NOT NULL,
	"slug" text NOT NULL,
	"name" text,
	"firstname" text,
	"lastname" text,
	"customer_type" text,
	"account_type" text DEFAULT 'customer' NOT NULL,
	"email" text,
	"phone" text,
	"url" text,
	"logo_url" text,
	"legal_name" text,
	"legal_number" text,
	"tax_identification_number" text,
	"address_line1" text,
	"address_line2" text,
	"city" text,
	"state" text,
	"zipcode" text,
	"country" text,
	"shipping_address" jsonb,
	"currency" text,
	"timezone" text,
	"net_payment_term" integer,
	"invoice_grace_period" integer,
	"finalize_zero_amount_invoice" text DEFAULT 'inherit' NOT NULL,
	"document_locale" text,
	"subscription_invoice_issuing_date_anchor" text,
	"subscription_invoice_issuing_date_adjustment" text,
	"external_salesforce_id" text,
	"skip_invoice_custom_sections" boolean DEFAULT false NOT NULL,
	"billing_configuration" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"metadata" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"pinned_note" text,
	"parked_reason" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	CONSTRAINT "customers_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "credits" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"invoice_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"applied_coupon_id" uuid,
	"credit_note_id" uuid,
	"progressive_invoice_id" uuid,
	"amount_minor" bigint NOT NULL,
	"currency" text NOT NULL,
	"before_taxes" boolean NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "credits_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "fee_taxes" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"fee_id" uuid NOT NULL,
	"tax_id" uuid,
	"tax_code" text NOT NULL,
	"tax_name" text NOT NULL,
	"tax_rate" numeric NOT NULL,
	"tax_description" text,
	"amount_minor" bigint NOT NULL,
	"precise_amount_minor" numeric NOT NULL,
	"currency" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "fee_taxes_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "fees" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"invoice_id" uuid,
	"customer_id" uuid NOT NULL,
	"subscription_id" uuid,
	"fee_type" text NOT NULL,
	"charge_id" uuid,
	"charge_filter_id" uuid,
	"fixed_charge_id" uuid,
	"add_on_id" uuid,
	"billable_metric_id" uuid,
	"wallet_transaction_id" uuid,
	"true_up_parent_fee_id" uuid,
	"original_fee_id" uuid,
	"position" integer DEFAULT 0 NOT NULL,
	"item_code" text NOT NULL,
	"item_name" text NOT NULL,
	"item_description" text,
	"invoice_display_name" text,
	"filter_display_name" text,
	"filter_values" jsonb,
	"grouped_by" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"description" text,
	"currency" text NOT NULL,
	"units" numeric NOT NULL,
	"total_aggregated_units" numeric,
	"events_count" integer,
	"amount_minor" bigint NOT NULL,
	"precise_amount_minor" numeric NOT NULL,
	"unit_amount_minor" bigint NOT NULL,
	"precise_unit_amount" numeric NOT NULL,
	"precise_coupons_amount_minor" numeric DEFAULT '0' NOT NULL,
	"precise_credit_notes_amount_minor" numeric DEFAULT '0' NOT NULL,
	"taxes_amount_minor" bigint DEFAULT 0 NOT NULL,
	"taxes_precise_amount_minor" numeric DEFAULT '0' NOT NULL,
	"taxes_rate" numeric DEFAULT '0' NOT NULL,
	"amount_details" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"working" jsonb,
	"pay_in_advance" boolean DEFAULT false NOT NULL,
	"invoiceable" boolean DEFAULT true NOT NULL,
	"event_transaction_id" text,
	"payment_status" text DEFAULT 'pending' NOT NULL,
	"succeeded_at" timestamp (3) with time zone,
	"failed_at" timestamp (3) with time zone,
	"refunded_at" timestamp (3) with time zone,
	"from_datetime" timestamp (3) with time zone,
	"to_datetime" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	CONSTRAINT "fees_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "invoice_facts" (
	"organization_id" uuid NOT NULL,
	"invoice_id" uuid NOT NULL,
	"engine_version" text NOT NULL,
	"facts" text NOT NULL,
	"hash" text NOT NULL,
	"event_watermark" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "invoice_facts_organization_id_invoice_id_pk" PRIMARY KEY("organization_id","invoice_id")
);
--> statement-breakpoint
CREATE TABLE "invoice_subscriptions" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"invoice_id" uuid NOT NULL,
	"subscription_id" uuid NOT NULL,
	"plan_version_id" uuid NOT NULL,
	"invoicing_reason" text NOT NULL,
	"recurring" boolean NOT NULL,
	"timestamp" timestamp (3) with time zone NOT NULL,
	"billing_day" text,
	"from_datetime" timestamp (3) with time zone,
	"to_datetime" timestamp (3) with time zone,
	"charges_from_datetime" timestamp (3) with time zone,
	"charges_to_datetime" timestamp (3) with time zone,
	"fixed_charges_from_datetime" timestamp (3) with time zone,
	"fixed_charges_to_datetime" timestamp (3) with time zone,
	"live" boolean DEFAULT true NOT NULL,
	CONSTRAINT "invoice_subscriptions_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "invoice_taxes" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"invoice_id" uuid NOT NULL,
	"tax_id" uuid,
	"tax_code" text NOT NULL,
	"tax_name" text NOT NULL,
	"tax_rate" numeric NOT NULL,
	"tax_description" text,
	"amount_minor" bigint NOT NULL,
	"fees_amount_minor" bigint NOT NULL,
	"currency" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "invoice_taxes_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "invoices" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"customer_id" uuid NOT NULL,
	"billing_entity_id" uuid NOT NULL,
	"invoice_type" text NOT NULL,
	"status" text NOT NULL,
	"payment_status" text DEFAULT 'pending' NOT NULL,
	"payment_overdue" boolean DEFAULT false NOT NULL,
	"payment_dispute_lost_at" timestamp (3) with time zone,
	"ready_for_payment_processing" boolean DEFAULT true NOT NULL,
	"number" text,
	"sequential_id" integer,
	"entity_sequential_id" integer,
	"currency" text NOT NULL,
	"timezone" text NOT NULL,
	"issuing_date" date NOT NULL,
	"expected_finalization_date" date,
	"payment_due_date" date,
	"net_payment_term" integer DEFAULT 0 NOT NULL,
	"fees_amount_minor" bigint DEFAULT 0 NOT NULL,
	"progressive_billing_credit_amount_minor" bigint DEFAULT 0 NOT NULL,
	"coupons_amount_minor" bigint DEFAULT 0 NOT NULL,
	"sub_total_excluding_taxes_minor" bigint DEFAULT 0 NOT NULL,
	"taxes_amount_minor" bigint DEFAULT 0 NOT NULL,
	"taxes_rate" numeric DEFAULT '0' NOT NULL,
	"sub_total_including_taxes_minor" bigint DEFAULT 0 NOT NULL,
	"credit_notes_amount_minor" bigint DEFAULT 0 NOT NULL,
	"prepaid_credit_amount_minor" bigint DEFAULT 0 NOT NULL,
	"prepaid_granted_credit_amount_minor" bigint,
	"prepaid_purchased_credit_amount_minor" bigint,
	"total_amount_minor" bigint DEFAULT 0 NOT NULL,
	"total_paid_amount_minor" bigint DEFAULT 0 NOT NULL,
	"total_offsetted_credit_note_amount_minor" bigint DEFAULT 0 NOT NULL,
	"purchase_order_number" text,
	"self_billed" boolean DEFAULT false NOT NULL,
	"skip_charges" boolean DEFAULT false NOT NULL,
	"voided_invoice_id" uuid,
	"metadata" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"refresh_flagged_at" timestamp (3) with time zone,
	"release_at" timestamp (3) with time zone,
	"billed_at" timestamp (3) with time zone NOT NULL,
	"finalized_at" timestamp (3) with time zone,
	"voided_at" timestamp (3) with time zone,
	"facts_hash" text,
	"engine_version" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "invoices_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "ledger_accounts" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"kind" text NOT NULL,
	"currency" text NOT NULL,
	"customer_id" uuid,
	CONSTRAINT "ledger_accounts_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "ledger_entries" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"entry" text NOT NULL,
	"source_type" text NOT NULL,
	"source_id" uuid NOT NULL,
	"customer_id" uuid,
	"occurred_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "ledger_entries_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "ledger_postings" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"entry_id" uuid NOT NULL,
	"account_id" uuid NOT NULL,
	"amount_minor" bigint NOT NULL,
	"currency" text NOT NULL,
	"occurred_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "ledger_postings_organization_id_id_pk" PRIMARY KEY("organization_id","id"),
	CONSTRAINT "ledger_postings_nonzero" CHECK (amount_minor <> 0)
);
--> statement-breakpoint
CREATE TABLE "billing_entities" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"code" text NOT NULL,
	"name" text NOT NULL,
	"is_default" boolean DEFAULT false NOT NULL,
	"default_currency" text DEFAULT 'USD' NOT NULL,
	"timezone" text DEFAULT 'UTC' NOT NULL,
	"country" text,
	"address_line1" text,
	"address_line2" text,
	"city" text,
	"state" text,
	"zipcode" text,
	"phone" text,
	"email" text,
	"legal_name" text,
	"legal_number" text,
	"tax_identification_number" text,
	"net_payment_term" integer DEFAULT 0 NOT NULL,
	"invoice_grace_period" integer DEFAULT 0 NOT NULL,
	"invoice_footer" text,
	"document_locale" text DEFAULT 'en' NOT NULL,
	"document_numbering" text DEFAULT 'per_customer' NOT NULL,
	"document_number_prefix" text NOT NULL,
	"finalize_zero_amount_invoice" boolean DEFAULT true NOT NULL,
	"subscription_invoice_issuing_date_anchor" text DEFAULT 'next_period_start' NOT NULL,
	"subscription_invoice_issuing_date_adjustment" text DEFAULT 'align_with_finalization_date' NOT NULL,
	"email_settings" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "billing_entities_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "counters" (
	"organization_id" uuid NOT NULL,
	"series" text NOT NULL,
	"last_value" bigint NOT NULL,
	CONSTRAINT "counters_organization_id_series_pk" PRIMARY KEY("organization_id","series")
);
--> statement-breakpoint
CREATE TABLE "organizations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"slug" text NOT NULL,
	"mode" text NOT NULL,
	"clock_now" timestamp (3) with time zone,
	"clock_moving_to" timestamp (3) with time zone,
	"hmac_key" text NOT NULL,
	"settings" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "payments" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"customer_id" uuid NOT NULL,
	"invoice_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"status" text NOT NULL,
	"payment_status" text NOT NULL,
	"amount_minor" bigint NOT NULL,
	"currency" text NOT NULL,
	"reference" text,
	"method" text,
	"failure_reason" text,
	"provider_code" text,
	"provider_payment_id" text,
	"paid_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "payments_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "api_keys" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"name" text NOT NULL,
	"key_hash" text NOT NULL,
	"last_four" text NOT NULL,
	"scopes" jsonb,
	"created_at" timestamp (3) with time zone NOT NULL,
	"last_used_at" timestamp (3) with time zone,
	"expires_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone,
	CONSTRAINT "api_keys_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "invitations" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"email" text NOT NULL,
	"roles" jsonb NOT NULL,
	"token_hash" text NOT NULL,
	"invited_by" uuid NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"accepted_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone,
	CONSTRAINT "invitations_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "memberships" (
	"organization_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"name" text NOT NULL,
	"email" text NOT NULL,
	"title" text,
	"timezone" text DEFAULT 'UTC' NOT NULL,
	"roles" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "memberships_organization_id_user_id_pk" PRIMARY KEY("organization_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "password_resets" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"token_hash" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"used_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "role_limits" (
	"organization_id" uuid NOT NULL,
	"role" text NOT NULL,
	"act" text NOT NULL,
	"per_act" bigint,
	"per_customer30d" bigint,
	"per_person30d" bigint,
	"max_bills" integer,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "role_limits_organization_id_role_act_pk" PRIMARY KEY("organization_id","role","act")
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"organization_id" uuid,
	"created_at" timestamp (3) with time zone NOT NULL,
	"last_seen_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"revoked_at" timestamp (3) with time zone,
	"address" text,
	"user_agent" text
);
--> statement-breakpoint
CREATE TABLE "throttles" (
	"key" text NOT NULL,
	"window_start" timestamp (3) with time zone NOT NULL,
	"points" integer NOT NULL,
	CONSTRAINT "throttles_key_pk" PRIMARY KEY("key")
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" uuid PRIMARY KEY NOT NULL,
	"email" text NOT NULL,
	"name" text NOT NULL,
	"password_hash" text,
	"totp_secret" text,
	"totp_confirmed_at" timestamp (3) with time zone,
	"totp_last_step" integer,
	"password_changed_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "charge_filters" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"charge_id" uuid NOT NULL,
	"position" integer DEFAULT 0 NOT NULL,
	"invoice_display_name" text,
	"values" jsonb NOT NULL,
	"properties" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	CONSTRAINT "charge_filters_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "charges" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"plan_version_id" uuid NOT NULL,
	"billable_metric_id" uuid NOT NULL,
	"code" text NOT NULL,
	"position" integer DEFAULT 0 NOT NULL,
	"charge_model" text NOT NULL,
	"invoice_display_name" text,
	"pay_in_advance" boolean DEFAULT false NOT NULL,
	"prorated" boolean DEFAULT false NOT NULL,
	"invoiceable" boolean DEFAULT true NOT NULL,
	"regroup_paid_fees" text,
	"min_amount_minor" bigint DEFAULT 0 NOT NULL,
	"accepts_target_wallet" boolean DEFAULT false NOT NULL,
	"properties" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	CONSTRAINT "charges_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "fixed_charges" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"plan_version_id" uuid NOT NULL,
	"add_on_id" uuid NOT NULL,
	"code" text NOT NULL,
	"position" integer DEFAULT 0 NOT NULL,
	"charge_model" text NOT NULL,
	"invoice_display_name" text,
	"units" numeric DEFAULT '0' NOT NULL,
	"pay_in_advance" boolean DEFAULT false NOT NULL,
	"prorated" boolean DEFAULT false NOT NULL,
	"properties" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	CONSTRAINT "fixed_charges_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "plan_versions" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"plan_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"interval" text NOT NULL,
	"amount_minor" bigint NOT NULL,
	"currency" text NOT NULL,
	"pay_in_advance" boolean DEFAULT false NOT NULL,
	"trial_days" numeric,
	"bill_charges_monthly" boolean DEFAULT false NOT NULL,
	"bill_fixed_charges_monthly" boolean DEFAULT false NOT NULL,
	"commitment_id" uuid,
	"commitment_amount_minor" bigint,
	"commitment_display_name" text,
	"commitment_created_at" timestamp (3) with time zone,
	"floors" jsonb,
	"created_at" timestamp (3) with time zone NOT NULL,
	"published_at" timestamp (3) with time zone,
	CONSTRAINT "plan_versions_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "plans" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"code" text NOT NULL,
	"name" text NOT NULL,
	"invoice_display_name" text,
	"description" text,
	"current_version_id" uuid,
	"metadata" jsonb,
	"created_at" timestamp (3) with time zone NOT NULL,
	"retired_at" timestamp (3) with time zone,
	"pending_deletion_at" timestamp (3) with time zone,
	"deleted_at" timestamp (3) with time zone,
	CONSTRAINT "plans_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "usage_thresholds" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"plan_version_id" uuid,
	"subscription_id" uuid,
	"amount_minor" bigint NOT NULL,
	"display_name" text,
	"recurring" boolean DEFAULT false NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	CONSTRAINT "usage_thresholds_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "customer_revenue" (
	"organization_id" uuid NOT NULL,
	"customer_id" uuid NOT NULL,
	"currency" text NOT NULL,
	"mrr_minor" bigint NOT NULL,
	"list_mrr_minor" bigint NOT NULL,
	"ever_positive" text DEFAULT 'no' NOT NULL,
	"parts" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "customer_revenue_organization_id_customer_id_currency_pk" PRIMARY KEY("organization_id","customer_id","currency")
);
--> statement-breakpoint
CREATE TABLE "revenue_movements" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"customer_id" uuid NOT NULL,
	"subscription_id" uuid,
	"plan_id" uuid,
	"day" date NOT NULL,
	"kind" text NOT NULL,
	"currency" text NOT NULL,
	"amount_minor" bigint NOT NULL,
	"closing_minor" bigint NOT NULL,
	"list_closing_minor" bigint NOT NULL,
	"reason" text,
	"source_id" uuid,
	"occurred_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "revenue_movements_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "due_items" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"kind" text NOT NULL,
	"key" text NOT NULL,
	"rank" integer NOT NULL,
	"due_at" timestamp (3) with time zone NOT NULL,
	"customer_id" uuid,
	"subject_id" uuid NOT NULL,
	"payload" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"last_error" text,
	"parked_at" timestamp (3) with time zone,
	"done_at" timestamp (3) with time zone,
	"canceled_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "due_items_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "outbox" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"topic" text NOT NULL,
	"type" text NOT NULL,
	"object_type" text NOT NULL,
	"object_id" uuid NOT NULL,
	"payload" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"release_at" timestamp (3) with time zone NOT NULL,
	"muted" text DEFAULT 'no' NOT NULL,
	"dispatched_at" timestamp (3) with time zone,
	"canceled_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "outbox_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "fixed_charge_events" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"subscription_id" uuid NOT NULL,
	"fixed_charge_id" uuid NOT NULL,
	"units" numeric NOT NULL,
	"effective_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "fixed_charge_events_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "price_overrides" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"subscription_id" uuid NOT NULL,
	"patch" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "price_overrides_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "subscriptions" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"customer_id" uuid NOT NULL,
	"plan_id" uuid NOT NULL,
	"plan_version_id" uuid NOT NULL,
	"external_id" text NOT NULL,
	"name" text,
	"status" text NOT NULL,
	"billing_time" text DEFAULT 'calendar' NOT NULL,
	"subscription_at" timestamp (3) with time zone NOT NULL,
	"started_at" timestamp (3) with time zone,
	"activated_at" timestamp (3) with time zone,
	"trial_ends_at" timestamp (3) with time zone,
	"trial_ended_at" timestamp (3) with time zone,
	"ending_at" timestamp (3) with time zone,
	"terminated_at" timestamp (3) with time zone,
	"canceled_at" timestamp (3) with time zone,
	"paused_at" timestamp (3) with time zone,
	"previous_subscription_id" uuid,
	"termination_kind" text,
	"on_termination_credit_note" text,
	"on_termination_invoice" text DEFAULT 'generate' NOT NULL,
	"progressive_billing_disabled" boolean DEFAULT false NOT NULL,
	"consolidate_invoice" boolean DEFAULT true NOT NULL,
	"purchase_order_number" text,
	"billing_entity_id" uuid,
	"cancellation_reason" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "subscriptions_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "events" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"external_subscription_id" text NOT NULL,
	"transaction_id" text NOT NULL,
	"code" text NOT NULL,
	"timestamp" timestamp (3) with time zone NOT NULL,
	"properties" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"precise_total_amount_minor" numeric,
	"sequence" bigint GENERATED ALWAYS AS IDENTITY (sequence name "events_sequence_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"ingested_at" timestamp (3) with time zone NOT NULL,
	"writer" "xid8" DEFAULT pg_current_xact_id() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "usage_folds" (
	"organization_id" uuid PRIMARY KEY NOT NULL,
	"folded_sequence" bigint NOT NULL,
	"folded_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "usage_rollups" (
	"organization_id" uuid NOT NULL,
	"external_subscription_id" text NOT NULL,
	"code" text NOT NULL,
	"field_name" text DEFAULT '' NOT NULL,
	"hour" timestamp (3) with time zone NOT NULL,
	"events_count" bigint NOT NULL,
	"sum" numeric NOT NULL,
	CONSTRAINT "usage_rollups_organization_id_external_subscription_id_code_field_name_hour_pk" PRIMARY KEY("organization_id","external_subscription_id","code","field_name","hour")
);
--> statement-breakpoint
CREATE TABLE "top_up_rules" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"wallet_id" uuid NOT NULL,
	"status" text DEFAULT 'active' NOT NULL,
	"trigger" text NOT NULL,
	"method" text DEFAULT 'fixed' NOT NULL,
	"interval" text,
	"threshold_credits" numeric,
	"paid_credits" numeric DEFAULT '0' NOT NULL,
	"granted_credits" numeric DEFAULT '0' NOT NULL,
	"target_ongoing_balance" numeric,
	"grants_target_top_up" boolean,
	"started_at" timestamp (3) with time zone,
	"expiration_at" timestamp (3) with time zone,
	"invoice_requires_successful_payment" boolean DEFAULT false NOT NULL,
	"ignore_paid_top_up_limits" boolean DEFAULT false NOT NULL,
	"transaction_name" text,
	"transaction_metadata" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"purchase_order_number" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"terminated_at" timestamp (3) with time zone,
	CONSTRAINT "top_up_rules_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "wallet_consumptions" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"inbound_id" uuid NOT NULL,
	"outbound_id" uuid NOT NULL,
	"amount_minor" bigint NOT NULL,
	"credit_amount" numeric NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "wallet_consumptions_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "wallet_transactions" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"wallet_id" uuid NOT NULL,
	"customer_id" uuid NOT NULL,
	"transaction_type" text NOT NULL,
	"status" text NOT NULL,
	"transaction_status" text NOT NULL,
	"source" text DEFAULT 'manual' NOT NULL,
	"priority" integer DEFAULT 50 NOT NULL,
	"amount_minor" bigint NOT NULL,
	"credit_amount" numeric NOT NULL,
	"remaining_amount_minor" bigint,
	"expires_at" timestamp (3) with time zone,
	"name" text,
	"metadata" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"invoice_id" uuid,
	"credit_note_id" uuid,
	"voided_invoice_id" uuid,
	"invoice_requires_successful_payment" boolean DEFAULT false NOT NULL,
	"purchase_order_number" text,
	"rule_id" uuid,
	"settled_at" timestamp (3) with time zone,
	"failed_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "wallet_transactions_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "wallets" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"customer_id" uuid NOT NULL,
	"status" text DEFAULT 'active' NOT NULL,
	"code" text NOT NULL,
	"name" text,
	"currency" text NOT NULL,
	"rate_amount" numeric NOT NULL,
	"priority" integer DEFAULT 50 NOT NULL,
	"balance_minor" bigint DEFAULT 0 NOT NULL,
	"credits_balance" numeric DEFAULT '0' NOT NULL,
	"consumed_amount_minor" bigint DEFAULT 0 NOT NULL,
	"consumed_credits" numeric DEFAULT '0' NOT NULL,
	"ongoing_balance_minor" bigint DEFAULT 0 NOT NULL,
	"ongoing_usage_balance_minor" bigint DEFAULT 0 NOT NULL,
	"credits_ongoing_balance" numeric DEFAULT '0' NOT NULL,
	"credits_ongoing_usage_balance" numeric DEFAULT '0' NOT NULL,
	"depleted_ongoing_balance" boolean DEFAULT false NOT NULL,
	"allowed_fee_types" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"allowed_metric_ids" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"invoice_requires_successful_payment" boolean DEFAULT false NOT NULL,
	"paid_top_up_min_amount_minor" bigint,
	"paid_top_up_max_amount_minor" bigint,
	"purchase_order_number" text,
	"metadata" jsonb,
	"expiration_at" timestamp (3) with time zone,
	"terminated_at" timestamp (3) with time zone,
	"last_balance_sync_at" timestamp (3) with time zone,
	"last_consumed_credit_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "wallets_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
ALTER TABLE "tax_assignments" ADD CONSTRAINT "tax_assignments_organization_id_tax_id_taxes_organization_id_id_fk" FOREIGN KEY ("organization_id","tax_id") REFERENCES "public"."taxes"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "applied_coupons" ADD CONSTRAINT "applied_coupons_organization_id_coupon_id_coupons_organization_id_id_fk" FOREIGN KEY ("organization_id","coupon_id") REFERENCES "public"."coupons"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "applied_coupons" ADD CONSTRAINT "applied_coupons_organization_id_customer_id_customers_organization_id_id_fk" FOREIGN KEY ("organization_id","customer_id") REFERENCES "public"."customers"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "coupon_targets" ADD CONSTRAINT "coupon_targets_organization_id_coupon_id_coupons_organization_id_id_fk" FOREIGN KEY ("organization_id","coupon_id") REFERENCES "public"."coupons"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "credit_note_items" ADD CONSTRAINT "credit_note_items_organization_id_credit_note_id_credit_notes_organization_id_id_fk" FOREIGN KEY ("organization_id","credit_note_id") REFERENCES "public"."credit_notes"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "credit_note_items" ADD CONSTRAINT "credit_note_items_organization_id_fee_id_fees_organization_id_id_fk" FOREIGN KEY ("organization_id","fee_id") REFERENCES "public"."fees"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "credit_note_taxes" ADD CONSTRAINT "credit_note_taxes_organization_id_credit_note_id_credit_notes_organization_id_id_fk" FOREIGN KEY ("organization_id","credit_note_id") REFERENCES "public"."credit_notes"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "credit_notes" ADD CONSTRAINT "credit_notes_organization_id_invoice_id_invoices_organization_id_id_fk" FOREIGN KEY ("organization_id","invoice_id") REFERENCES "public"."invoices"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "credit_notes" ADD CONSTRAINT "credit_notes_organization_id_customer_id_customers_organization_id_id_fk" FOREIGN KEY ("organization_id","customer_id") REFERENCES "public"."customers"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "customers" ADD CONSTRAINT "customers_organization_id_billing_entity_id_billing_entities_organization_id_id_fk" FOREIGN KEY ("organization_id","billing_entity_id") REFERENCES "public"."billing_entities"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "credits" ADD CONSTRAINT "credits_organization_id_invoice_id_invoices_organization_id_id_fk" FOREIGN KEY ("organization_id","invoice_id") REFERENCES "public"."invoices"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "fee_taxes" ADD CONSTRAINT "fee_taxes_organization_id_fee_id_fees_organization_id_id_fk" FOREIGN KEY ("organization_id","fee_id") REFERENCES "public"."fees"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invoice_facts" ADD CONSTRAINT "invoice_facts_organization_id_invoice_id_invoices_organization_id_id_fk" FOREIGN KEY ("organization_id","invoice_id") REFERENCES "public"."invoices"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invoice_subscriptions" ADD CONSTRAINT "invoice_subscriptions_organization_id_invoice_id_invoices_organization_id_id_fk" FOREIGN KEY ("organization_id","invoice_id") REFERENCES "public"."invoices"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invoice_subscriptions" ADD CONSTRAINT "invoice_subscriptions_organization_id_subscription_id_subscriptions_organization_id_id_fk" FOREIGN KEY ("organization_id","subscription_id") REFERENCES "public"."subscriptions"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invoice_taxes" ADD CONSTRAINT "invoice_taxes_organization_id_invoice_id_invoices_organization_id_id_fk" FOREIGN KEY ("organization_id","invoice_id") REFERENCES "public"."invoices"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invoices" ADD CONSTRAINT "invoices_organization_id_customer_id_customers_organization_id_id_fk" FOREIGN KEY ("organization_id","customer_id") REFERENCES "public"."customers"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger_postings" ADD CONSTRAINT "ledger_postings_organization_id_entry_id_ledger_entries_organization_id_id_fk" FOREIGN KEY ("organization_id","entry_id") REFERENCES "public"."ledger_entries"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger_postings" ADD CONSTRAINT "ledger_postings_organization_id_account_id_ledger_accounts_organization_id_id_fk" FOREIGN KEY ("organization_id","account_id") REFERENCES "public"."ledger_accounts"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payments" ADD CONSTRAINT "payments_organization_id_invoice_id_invoices_organization_id_id_fk" FOREIGN KEY ("organization_id","invoice_id") REFERENCES "public"."invoices"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payments" ADD CONSTRAINT "payments_organization_id_customer_id_customers_organization_id_id_fk" FOREIGN KEY ("organization_id","customer_id") REFERENCES "public"."customers"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "charge_filters" ADD CONSTRAINT "charge_filters_organization_id_charge_id_charges_organization_id_id_fk" FOREIGN KEY ("organization_id","charge_id") REFERENCES "public"."charges"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "charges" ADD CONSTRAINT "charges_organization_id_plan_version_id_plan_versions_organization_id_id_fk" FOREIGN KEY ("organization_id","plan_version_id") REFERENCES "public"."plan_versions"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "charges" ADD CONSTRAINT "charges_organization_id_billable_metric_id_billable_metrics_organization_id_id_fk" FOREIGN KEY ("organization_id","billable_metric_id") REFERENCES "public"."billable_metrics"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "fixed_charges" ADD CONSTRAINT "fixed_charges_organization_id_plan_version_id_plan_versions_organization_id_id_fk" FOREIGN KEY ("organization_id","plan_version_id") REFERENCES "public"."plan_versions"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "fixed_charges" ADD CONSTRAINT "fixed_charges_organization_id_add_on_id_add_ons_organization_id_id_fk" FOREIGN KEY ("organization_id","add_on_id") REFERENCES "public"."add_ons"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "plan_versions" ADD CONSTRAINT "plan_versions_organization_id_plan_id_plans_organization_id_id_fk" FOREIGN KEY ("organization_id","plan_id") REFERENCES "public"."plans"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "fixed_charge_events" ADD CONSTRAINT "fixed_charge_events_organization_id_subscription_id_subscriptions_organization_id_id_fk" FOREIGN KEY ("organization_id","subscription_id") REFERENCES "public"."subscriptions"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "fixed_charge_events" ADD CONSTRAINT "fixed_charge_events_organization_id_fixed_charge_id_fixed_charges_organization_id_id_fk" FOREIGN KEY ("organization_id","fixed_charge_id") REFERENCES "public"."fixed_charges"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "price_overrides" ADD CONSTRAINT "price_overrides_organization_id_subscription_id_subscriptions_organization_id_id_fk" FOREIGN KEY ("organization_id","subscription_id") REFERENCES "public"."subscriptions"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_organization_id_customer_id_customers_organization_id_id_fk" FOREIGN KEY ("organization_id","customer_id") REFERENCES "public"."customers"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_organization_id_plan_id_plans_organization_id_id_fk" FOREIGN KEY ("organization_id","plan_id") REFERENCES "public"."plans"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_organization_id_plan_version_id_plan_versions_organization_id_id_fk" FOREIGN KEY ("organization_id","plan_version_id") REFERENCES "public"."plan_versions"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "top_up_rules" ADD CONSTRAINT "top_up_rules_organization_id_wallet_id_wallets_organization_id_id_fk" FOREIGN KEY ("organization_id","wallet_id") REFERENCES "public"."wallets"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "wallet_consumptions" ADD CONSTRAINT "wallet_consumptions_organization_id_inbound_id_wallet_transactions_organization_id_id_fk" FOREIGN KEY ("organization_id","inbound_id") REFERENCES "public"."wallet_transactions"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "wallet_consumptions" ADD CONSTRAINT "wallet_consumptions_organization_id_outbound_id_wallet_transactions_organization_id_id_fk" FOREIGN KEY ("organization_id","outbound_id") REFERENCES "public"."wallet_transactions"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "wallet_transactions" ADD CONSTRAINT "wallet_transactions_organization_id_wallet_id_wallets_organization_id_id_fk" FOREIGN KEY ("organization_id","wallet_id") REFERENCES "public"."wallets"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "wallets" ADD CONSTRAINT "wallets_organization_id_customer_id_customers_organization_id_id_fk" FOREIGN KEY ("organization_id","customer_id") REFERENCES "public"."customers"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "approval_requests_waiting" ON "approval_requests" USING btree ("organization_id","created_at") WHERE status = 'waiting';--> statement-breakpoint
CREATE UNIQUE INDEX "audit_rows_undone_once" ON "audit_rows" USING btree ("organization_id","undoes_id") WHERE undoes_id is not null;--> statement-breakpoint
CREATE INDEX "audit_rows_customer" ON "audit_rows" USING btree ("organization_id","customer_id","occurred_at","id");--> statement-breakpoint
CREATE INDEX "audit_rows_time" ON "audit_rows" USING btree ("organization_id","occurred_at","id");--> statement-breakpoint
CREATE INDEX "audit_rows_actor" ON "audit_rows" USING btree ("organization_id","actor_id","occurred_at");--> statement-breakpoint
CREATE INDEX "audit_rows_limits" ON "audit_rows" USING btree ("organization_id","limit_act","occurred_at") WHERE limit_act is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "add_ons_code" ON "add_ons" USING btree ("organization_id","code") WHERE deleted_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "billable_metrics_code" ON "billable_metrics" USING btree ("organization_id","code") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "tax_assignments_tax" ON "tax_assignments" USING btree ("organization_id","tax_id");--> statement-breakpoint
CREATE UNIQUE INDEX "taxes_code" ON "taxes" USING btree ("organization_id","code") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "applied_coupons_customer" ON "applied_coupons" USING btree ("organization_id","customer_id","status");--> statement-breakpoint
CREATE INDEX "applied_coupons_coupon" ON "applied_coupons" USING btree ("organization_id","coupon_id");--> statement-breakpoint
CREATE UNIQUE INDEX "coupons_code" ON "coupons" USING btree ("organization_id","code") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "credit_note_items_note" ON "credit_note_items" USING btree ("organization_id","credit_note_id");--> statement-breakpoint
CREATE INDEX "credit_note_items_fee" ON "credit_note_items" USING btree ("organization_id","fee_id");--> statement-breakpoint
CREATE UNIQUE INDEX "credit_note_taxes_once" ON "credit_note_taxes" USING btree ("organization_id","credit_note_id","tax_code");--> statement-breakpoint
CREATE UNIQUE INDEX "credit_notes_sequence" ON "credit_notes" USING btree ("organization_id","invoice_id","sequential_id");--> statement-breakpoint
CREATE INDEX "credit_notes_customer" ON "credit_notes" USING btree ("organization_id","customer_id","created_at");--> statement-breakpoint
CREATE INDEX "credit_notes_created" ON "credit_notes" USING btree ("organization_id","created_at","id");--> statement-breakpoint
CREATE UNIQUE INDEX "customers_external_id" ON "customers" USING btree ("organization_id","external_id") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "customers_created" ON "customers" USING btree ("organization_id","created_at","id");--> statement-breakpoint
CREATE INDEX "customers_name" ON "customers" USING btree ("organization_id",lower(coalesce(name, external_id)),"id");--> statement-breakpoint
CREATE INDEX "credits_invoice" ON "credits" USING btree ("organization_id","invoice_id");--> statement-breakpoint
CREATE UNIQUE INDEX "credits_one_coupon" ON "credits" USING btree ("organization_id","invoice_id","applied_coupon_id") WHERE kind = 'coupon';--> statement-breakpoint
CREATE UNIQUE INDEX "credits_one_note" ON "credits" USING btree ("organization_id","invoice_id","credit_note_id") WHERE kind = 'credit_note';--> statement-breakpoint
CREATE INDEX "credits_applied_coupon" ON "credits" USING btree ("organization_id","applied_coupon_id");--> statement-breakpoint
CREATE INDEX "credits_credit_note" ON "credits" USING btree ("organization_id","credit_note_id");--> statement-breakpoint
CREATE UNIQUE INDEX "fee_taxes_once" ON "fee_taxes" USING btree ("organization_id","fee_id","tax_code");--> statement-breakpoint
CREATE INDEX "fees_invoice" ON "fees" USING btree ("organization_id","invoice_id","position");--> statement-breakpoint
CREATE INDEX "fees_subscription" ON "fees" USING btree ("organization_id","subscription_id","created_at");--> statement-breakpoint
CREATE INDEX "fees_created" ON "fees" USING btree ("organization_id","created_at","id");--> statement-breakpoint
CREATE UNIQUE INDEX "fees_one_per_event" ON "fees" USING btree ("organization_id","subscription_id","charge_id","charge_filter_id","event_transaction_id") WHERE event_transaction_id is not null and deleted_at is null;--> statement-breakpoint
CREATE INDEX "invoice_subscriptions_invoice" ON "invoice_subscriptions" USING btree ("organization_id","invoice_id");--> statement-breakpoint
CREATE INDEX "invoice_subscriptions_subscription" ON "invoice_subscriptions" USING btree ("organization_id","subscription_id","timestamp");--> statement-breakpoint
CREATE UNIQUE INDEX "invoice_subscriptions_one_start" ON "invoice_subscriptions" USING btree ("organization_id","subscription_id") WHERE invoicing_reason = 'subscription_starting' and live;--> statement-breakpoint
CREATE UNIQUE INDEX "invoice_subscriptions_one_end" ON "invoice_subscriptions" USING btree ("organization_id","subscription_id") WHERE invoicing_reason = 'subscription_terminating' and live;--> statement-breakpoint
CREATE UNIQUE INDEX "invoice_subscriptions_one_period" ON "invoice_subscriptions" USING btree ("organization_id","subscription_id","billing_day") WHERE recurring and live;--> statement-breakpoint
CREATE UNIQUE INDEX "invoice_taxes_once" ON "invoice_taxes" USING btree ("organization_id","invoice_id","tax_code");--> statement-breakpoint
CREATE UNIQUE INDEX "invoices_number" ON "invoices" USING btree ("organization_id","billing_entity_id","number") WHERE number is not null;--> statement-breakpoint
CREATE INDEX "invoices_customer" ON "invoices" USING btree ("organization_id","customer_id","created_at","id");--> statement-breakpoint
CREATE INDEX "invoices_created" ON "invoices" USING btree ("organization_id","created_at","id");--> statement-breakpoint
CREATE INDEX "invoices_status" ON "invoices" USING btree ("organization_id","status","created_at","id");--> statement-breakpoint
CREATE INDEX "invoices_unpaid" ON "invoices" USING btree ("organization_id","payment_due_date") WHERE status = 'finalized' and payment_status <> 'succeeded';--> statement-breakpoint
CREATE UNIQUE INDEX "ledger_accounts_once" ON "ledger_accounts" USING btree ("organization_id","kind","currency",coalesce(customer_id, '00000000-0000-0000-0000-000000000000'::uuid));--> statement-breakpoint
CREATE UNIQUE INDEX "ledger_entries_once" ON "ledger_entries" USING btree ("organization_id","source_type","source_id","entry");--> statement-breakpoint
CREATE INDEX "ledger_entries_time" ON "ledger_entries" USING btree ("organization_id","occurred_at");--> statement-breakpoint
CREATE INDEX "ledger_postings_entry" ON "ledger_postings" USING btree ("organization_id","entry_id");--> statement-breakpoint
CREATE INDEX "ledger_postings_account" ON "ledger_postings" USING btree ("organization_id","account_id","occurred_at");--> statement-breakpoint
CREATE UNIQUE INDEX "billing_entities_code" ON "billing_entities" USING btree ("organization_id","code");--> statement-breakpoint
CREATE INDEX "billing_entities_default" ON "billing_entities" USING btree ("organization_id","is_default");--> statement-breakpoint
CREATE UNIQUE INDEX "organizations_slug" ON "organizations" USING btree ("slug");--> statement-breakpoint
CREATE INDEX "payments_invoice" ON "payments" USING btree ("organization_id","invoice_id");--> statement-breakpoint
CREATE INDEX "payments_customer" ON "payments" USING btree ("organization_id","customer_id","created_at");--> statement-breakpoint
CREATE INDEX "payments_created" ON "payments" USING btree ("organization_id","created_at","id");--> statement-breakpoint
CREATE UNIQUE INDEX "payments_provider" ON "payments" USING btree ("organization_id","provider_code","provider_payment_id") WHERE provider_payment_id is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "api_keys_hash" ON "api_keys" USING btree ("key_hash");--> statement-breakpoint
CREATE UNIQUE INDEX "invitations_token" ON "invitations" USING btree ("token_hash");--> statement-breakpoint
CREATE INDEX "memberships_user" ON "memberships" USING btree ("user_id","organization_id");--> statement-breakpoint
CREATE UNIQUE INDEX "password_resets_token" ON "password_resets" USING btree ("token_hash");--> statement-breakpoint
CREATE INDEX "sessions_user" ON "sessions" USING btree ("user_id","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "users_email" ON "users" USING btree ("email");--> statement-breakpoint
CREATE INDEX "charge_filters_charge" ON "charge_filters" USING btree ("organization_id","charge_id");--> statement-breakpoint
CREATE INDEX "charges_version" ON "charges" USING btree ("organization_id","plan_version_id");--> statement-breakpoint
CREATE UNIQUE INDEX "charges_code" ON "charges" USING btree ("organization_id","plan_version_id","code") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "fixed_charges_version" ON "fixed_charges" USING btree ("organization_id","plan_version_id");--> statement-breakpoint
CREATE UNIQUE INDEX "plan_versions_number" ON "plan_versions" USING btree ("organization_id","plan_id","version");--> statement-breakpoint
CREATE UNIQUE INDEX "plans_code" ON "plans" USING btree ("organization_id","code") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "usage_thresholds_version" ON "usage_thresholds" USING btree ("organization_id","plan_version_id");--> statement-breakpoint
CREATE INDEX "usage_thresholds_subscription" ON "usage_thresholds" USING btree ("organization_id","subscription_id");--> statement-breakpoint
CREATE INDEX "revenue_movements_day" ON "revenue_movements" USING btree ("organization_id","currency","day");--> statement-breakpoint
CREATE INDEX "revenue_movements_customer" ON "revenue_movements" USING btree ("organization_id","customer_id","occurred_at","id");--> statement-breakpoint
CREATE UNIQUE INDEX "due_items_once" ON "due_items" USING btree ("organization_id","kind","subject_id","key") WHERE canceled_at is null;--> statement-breakpoint
CREATE INDEX "due_items_open" ON "due_items" USING btree ("organization_id","due_at","rank","id") WHERE done_at is null and canceled_at is null and parked_at is null;--> statement-breakpoint
CREATE INDEX "due_items_all_open" ON "due_items" USING btree ("due_at","rank","id") WHERE done_at is null and canceled_at is null and parked_at is null;--> statement-breakpoint
CREATE INDEX "due_items_customer" ON "due_items" USING btree ("organization_id","customer_id","due_at") WHERE done_at is null and canceled_at is null;--> statement-breakpoint
CREATE INDEX "outbox_open" ON "outbox" USING btree ("release_at","id") WHERE dispatched_at is null and canceled_at is null and muted = 'no';--> statement-breakpoint
CREATE INDEX "outbox_object" ON "outbox" USING btree ("organization_id","object_id");--> statement-breakpoint
CREATE INDEX "fixed_charge_events_subscription" ON "fixed_charge_events" USING btree ("organization_id","subscription_id","fixed_charge_id","effective_at");--> statement-breakpoint
CREATE UNIQUE INDEX "price_overrides_subscription" ON "price_overrides" USING btree ("organization_id","subscription_id");--> statement-breakpoint
CREATE UNIQUE INDEX "subscriptions_one_active" ON "subscriptions" USING btree ("organization_id","external_id") WHERE status = 'active';--> statement-breakpoint
CREATE UNIQUE INDEX "subscriptions_one_successor" ON "subscriptions" USING btree ("organization_id","previous_subscription_id") WHERE status in ('pending', 'active') and previous_subscription_id is not null;--> statement-breakpoint
CREATE INDEX "subscriptions_customer" ON "subscriptions" USING btree ("organization_id","customer_id","status");--> statement-breakpoint
CREATE INDEX "subscriptions_external" ON "subscriptions" USING btree ("organization_id","external_id");--> statement-breakpoint
CREATE INDEX "subscriptions_version" ON "subscriptions" USING btree ("organization_id","plan_version_id","status");--> statement-breakpoint
CREATE INDEX "subscriptions_trials" ON "subscriptions" USING btree ("organization_id","trial_ends_at") WHERE status = 'active';--> statement-breakpoint
CREATE UNIQUE INDEX "events_once" ON "events" USING btree ("organization_id","external_subscription_id","transaction_id");--> statement-breakpoint
CREATE INDEX "events_usage" ON "events" USING btree ("organization_id","external_subscription_id","code","timestamp");--> statement-breakpoint
CREATE INDEX "events_sequence" ON "events" USING btree ("organization_id","sequence");--> statement-breakpoint
CREATE UNIQUE INDEX "top_up_rules_one_active" ON "top_up_rules" USING btree ("organization_id","wallet_id") WHERE status = 'active';--> statement-breakpoint
CREATE UNIQUE INDEX "wallet_consumptions_pair" ON "wallet_consumptions" USING btree ("organization_id","inbound_id","outbound_id");--> statement-breakpoint
CREATE INDEX "wallet_consumptions_outbound" ON "wallet_consumptions" USING btree ("organization_id","outbound_id");--> statement-breakpoint
CREATE INDEX "wallet_transactions_wallet" ON "wallet_transactions" USING btree ("organization_id","wallet_id","created_at");--> statement-breakpoint
CREATE INDEX "wallet_transactions_lots" ON "wallet_transactions" USING btree ("organization_id","customer_id","expires_at") WHERE transaction_type = 'inbound' and status = 'settled' and remaining_amount_minor > 0;--> statement-breakpoint
CREATE INDEX "wallet_transactions_invoice" ON "wallet_transactions" USING btree ("organization_id","invoice_id");--> statement-breakpoint
CREATE UNIQUE INDEX "wallets_code" ON "wallets" USING btree ("organization_id","customer_id","code") WHERE status = 'active';--> statement-breakpoint
CREATE INDEX "wallets_customer" ON "wallets" USING btree ("organization_id","customer_id","status");