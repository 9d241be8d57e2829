import { z } from 'zod';
import { defineCommand } from '../core/command.ts';
import { optionalFlag, text } from '../core/fields.ts';
import { changePlanInPlace } from './change.ts';
import { chargeOf } from './find.ts';
import { chargeInput } from './input.ts';
import { removeCharges, writeCharges } from './write-charges.ts';

/** One charge of a plan at a time: added, changed, removed. The plan's other charges stay as they are. */
const alone = (shapeFixed: boolean) => ({ removeOthers: false, shapeFixed });
const changes = chargeInput.extend({ cascade_updates: optionalFlag() });

const createInput = z.object({ plan_code: text(), charge: changes });

export const createCharge = defineCommand<z.infer<typeof createInput>, { id: string }>({
  name: 'plans/create-charge',
  input: createInput,
  right: 'plans.publish',
  reason: 'none',
  undo: null,
  run(ctx, { plan_code, charge }) {
    return changePlanInPlace(ctx, {
      code: plan_code,
      cascade: charge.cascade_updates ?? false,
      title: ({ plan }) => `Add a usage price to "${plan.name}"`,
      async write(plan, shapeFixed) {
        const fresh = { ...charge, id: null };
        const [id] = await writeCharges(ctx, plan.version.id, [fresh], plan.charges, alone(shapeFixed));
        return { result: { id: id! } };
      },
    });
  },
});

const updateInput = z.object({ plan_code: text(), code: text(), charge: changes });

export const updateCharge = defineCommand<z.infer<typeof updateInput>, { id: string }>({
  name: 'plans/update-charge',
  input: updateInput,
  right: 'plans.publish',
  reason: 'none',
  undo: null,
  run(ctx, { plan_code, code, charge }) {
    return changePlanInPlace(ctx, {
      code: plan_code,
      cascade: charge.cascade_updates ?? false,
      title: ({ plan }) => `Change a usage price of "${plan.name}"`,
      async write(plan, shapeFixed) {
        const { id } = chargeOf(plan, code).row;
        await writeCharges(ctx, plan.version.id, [{ ...charge, id }], plan.charges, alone(shapeFixed));
        return { result: { id } };
      },
    });
  },
});

const deleteInput = z.object({ plan_code: text(), code: text(), cascade_updates: optionalFlag() });

export const deleteCharge = defineCommand<z.infer<typeof deleteInput>, { id: string }>({
  name: 'plans/delete-charge',
  input: deleteInput,
  right: 'plans.publish',
  reason: 'none',
  undo: null,
  run(ctx, { plan_code, code, cascade_updates }) {
    return changePlanInPlace(ctx, {
      code: plan_code,
      cascade: cascade_updates ?? false,
      title: ({ plan }) => `Remove a usage price from "${plan.name}"`,
      async write(plan) {
        const { id } = chargeOf(plan, code).row;
        await removeCharges(ctx, [id]);
        return { result: { id } };
      },
    });
  },
});
