import { parseInput } from '@/lib/commands/core/fields';
import { previewInvoice } from '@/lib/commands/preview/invoice';
import { invoicePreviewInput } from '@/lib/commands/preview/invoice-input';
import { bare } from '../about.ts';
import type { Door } from '../environment.ts';
import { ApiError, missingRoot } from '../errors.ts';
import { type ApiRequest, isObject, type JsonObject } from '../request.ts';
import { post } from '../routes.ts';
import { invoiceDetailSchema, invoiceDetailWire } from '../serializers/invoice.ts';
import { one, withoutIds } from '../wire-schema.ts';

function malformed(error: string): ApiError {
  return new ApiError(400, { status: 400, error });
}

function checkShape(body: JsonObject): void {
  if (!isObject(body.customer)) throw missingRoot('customer');
  if (body.coupons != null && !Array.isArray(body.coupons)) throw malformed('coupons_must_be_an_array');
  if (body.subscriptions != null && !isObject(body.subscriptions)) {
    throw malformed('subscriptions_must_be_an_object');
  }
}

const TIME_ORDERED = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-/;

/** Ids are time-ordered, so whatever the preview made sorts from its first id on: those are nobody's, hence null. */
function withoutNewIds(value: unknown, firstId: string): unknown {
  if (typeof value === 'string') return TIME_ORDERED.test(value) && value >= firstId ? null : value;
  if (Array.isArray(value)) return value.map((entry) => withoutNewIds(entry, firstId));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [key, withoutNewIds(entry, firstId)]),
  );
}

async function preview(request: ApiRequest) {
  const body = await request.body();
  checkShape(body);
  const input = parseInput(invoicePreviewInput, body);
  const { object, firstId } = await previewInvoice(request.databases, request, input);
  // It is not issued, so there is no document of it.
  const wire = { ...invoiceDetailWire(object), file_url: null };
  return { invoice: withoutNewIds(wire, firstId) };
}

/** What a bill would be, with nothing saved (API contract, section 7). */
export function invoicePreview(door: Door): void {
  post(
    door,
    '/invoices/preview',
    { answers: one('invoice', withoutIds(invoiceDetailSchema)), takes: bare(invoicePreviewInput) },
    preview,
  );
}
