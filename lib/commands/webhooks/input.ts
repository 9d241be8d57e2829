import { z } from 'zod';
import { SIGNATURE_ALGOS } from '@/db/schema';
import { isWebhookType } from '@/lib/schedule/webhooks/catalogue';
import { oneOf, optionalText, text } from '../core/fields.ts';

const LONGEST_URL = 2_000;

/** An address messages can be posted to: http or https, without a name and password in it. */
function isWebhookUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, username, password } = new URL(value);
  return (protocol === 'http:' || protocol === 'https:') && username === '' && password === '';
}

/** Where messages go: an http or https address. */
export const webhookUrl = () => text(LONGEST_URL).refine(isWebhookUrl, { error: 'url_is_invalid' });

/** Null, absent and `["*"]` ask for every type; others are trimmed and put in lower case (API contract, section 11). */
const eventTypes = z
  .array(z.string({ error: 'value_is_invalid' }), { error: 'must_be_array' })
  .nullish()
  .transform((given) => {
    if (!given) return given;
    const types = [...new Set(given.map((type) => type.trim().toLowerCase()).filter(Boolean))];
    return types.includes('*') ? null : types;
  })
  .superRefine((types, context) => {
    const unknown = (types ?? []).filter((type) => !isWebhookType(type));
    if (unknown.length === 0) return;
    context.addIssue({ code: 'custom', message: `contains unknown event types: ${unknown.join(', ')}` });
  });

export const endpointInput = z.object({
  webhook_url: webhookUrl(),
  signature_algo: oneOf(SIGNATURE_ALGOS).nullish(),
  name: optionalText(255),
  event_types: eventTypes,
});

export const endpointChanges = endpointInput.partial({ webhook_url: true });
