import assert from 'node:assert/strict';
import { newId } from '@/db/ids';
import type { Actor } from '@/lib/commands/core/command';
import { grantCreditsCommand } from '@/lib/commands/credits/grant';
import { applyDiscount } from '@/lib/commands/discounts/apply-discount';
import { previewCommand } from '@/lib/commands/preview/preview';
import { moveClock } from '@/lib/runners/clock';
import { assertSoundBooks, type BenchCompany, foundCompany, newCustomer, use } from '../company.ts';
import { type Figure, figureOf, type Measure, quantile, timed } from '../measure.ts';

const PROMISED_MS = 800;
const REPEATS = 40;
const START = Date.parse('2026-05-04T14:00:00Z');
const DAY = 86_400_000;
const TOMAS: Actor = { type: 'person', id: newId(), name: 'Tomas', roles: ['founder'] };

interface Act {
  name: string;
  command: string;
  input: Record<string, unknown>;
}

/** What a person waits for before an act: the exact effects and the next bills of a customer as the demo has them. */
export const preview: Measure = {
  name: 'preview',
  async run(world) {
    const database = await world.newDatabase();
    try {
      const company = await foundCompany(database.databases, {
        startsAt: START,
        mode: 'sandbox',
        payInAdvance: true,
        trialDays: '30',
      });
      const acts = await actsOf(company);
      const figures: Figure[] = [];
      for (const act of acts) figures.push(...(await measure(company, act)));
      await assertSoundBooks(company);
      return figures;
    } finally {
      await database.drop();
    }
  },
};

/** A customer of six months with credits, a discount and usage every hour, and one in its trial. */
export async function actsOf(company: BenchCompany): Promise<Act[]> {
  const paying = await newCustomer(company, 'paying');
  for (let month = 0; month < 6; month++) {
    const from = START + month * 30 * DAY;
    await use(company, ['paying'], { from, to: from + 30 * DAY, each: 240 });
    await moveClock(company.databases, company.organizationId, from + 30 * DAY);
  }
  const { customerId, subscriptionId } = paying;
  const now = START + 180 * DAY;
  await company.run(grantCreditsCommand, {
    customerId,
    amountMinor: 100_000,
    currency: 'USD',
    expiresAt: null,
    note: 'Launch',
  });
  await company.run(applyDiscount, { customerId, percent: '10', bills: 3 });
  const trying = await newCustomer(company, 'trying');
  await use(company, ['trying'], { from: now - DAY, to: now, each: 24 });
  const amount = { customerId, amountMinor: '5000', currency: 'USD', expiresAt: null, note: 'Sorry' };
  return [
    {
      name: 'extend trial',
      command: 'subscriptions/extend-trial',
      input: { subscriptionId: trying.subscriptionId, lastFreeDay: '2026-12-14' },
    },
    { name: 'grant credits', command: 'credits/grant', input: amount },
    {
      name: 'apply discount',
      command: 'discounts/apply-discount',
      input: { customerId, percent: '20', bills: 2 },
    },
    {
      name: 'change plan now',
      command: 'subscriptions/change-plan',
      input: { subscriptionId, planCode: 'studio', when: 'now' },
    },
  ];
}

/** Previews an act once. Throws unless it comes with the next bills. */
export async function previewOnce({ databases, organizationId }: BenchCompany, act: Act): Promise<unknown> {
  const answer = await previewCommand(databases, act.command, {
    organizationId,
    actor: TOMAS,
    input: act.input,
  });
  assert.ok(answer.ok, JSON.stringify(answer));
  assert.ok(answer.preview.after.nextBills.length >= 3);
  return answer.preview;
}

async function measure(company: BenchCompany, act: Act): Promise<Figure[]> {
  for (let warm = 0; warm < 5; warm++) await previewOnce(company, act);
  const took: number[] = [];
  for (let repeat = 0; repeat < REPEATS; repeat++) took.push(await timed(() => previewOnce(company, act)));
  const spread: [number, number] = [Math.min(...took), Math.max(...took)];
  return [0.5, 0.95].map((share) => ({
    ...figureOf(`${act.name}, p${share * 100}`, 'ms', 'at most', [quantile(took, share)], [PROMISED_MS]),
    spread,
  }));
}
