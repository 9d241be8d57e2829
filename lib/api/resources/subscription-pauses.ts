import { z } from 'zod';
import { parseInput } from '@/lib/commands/core/fields';
import { endTrial } from '@/lib/commands/subscriptions/end-trial';
import { pauseSubscription, resumeSubscription } from '@/lib/commands/subscriptions/pause';
import { body } from '../about.ts';
import type { Door } from '../environment.ts';
import type { ApiRequest } from '../request.ts';
import { post } from '../routes.ts';
import { subscriptionDetailSchema, subscriptionDetailWire } from '../serializers/subscription.ts';
import { one } from '../wire-schema.ts';
import { subscriptionObject, subscriptionOf } from './subscriptions.ts';

const detail = one('subscription', subscriptionDetailSchema);

const pauseInput = z.object({
  unused_days: z.enum(['credit', 'skip'], { error: 'invalid_value' }).nullish(),
});

async function pause(request: ApiRequest) {
  const body = await request.body();
  const given = parseInput(pauseInput, body.subscription ?? {});
  const row = await subscriptionOf(request, ['active']);
  await request.run(pauseSubscription, {
    subscriptionId: row.id,
    unusedDays: given.unused_days ?? 'credit',
  });
  return {
    subscription: subscriptionDetailWire(await subscriptionObject(request, row), { thresholds: true }),
  };
}

async function resume(request: ApiRequest) {
  const paused = await subscriptionOf(request, ['active', 'terminated']);
  await request.run(resumeSubscription, { subscriptionId: paused.id });
  const row = await subscriptionOf(request, ['active']);
  return {
    subscription: subscriptionDetailWire(await subscriptionObject(request, row), { thresholds: true }),
  };
}

async function endTrialNow(request: ApiRequest) {
  const row = await subscriptionOf(request, ['active']);
  await request.run(endTrial, { subscriptionId: row.id });
  return {
    subscription: subscriptionDetailWire(await subscriptionObject(request, row), { thresholds: true }),
  };
}

/** Pausing, resuming and ending a trial, which Lago does not have. A pause shows as an ended subscription with `paused_at`. */
export function subscriptionPauses(door: Door): void {
  post(
    door,
    '/subscriptions/:external_id/pause',
    { answers: detail, takes: body('subscription', pauseInput, { optional: true }) },
    pause,
  );
  post(door, '/subscriptions/:external_id/resume', { answers: detail }, resume);
  post(door, '/subscriptions/:external_id/end_trial', { answers: detail }, endTrialNow);
}
