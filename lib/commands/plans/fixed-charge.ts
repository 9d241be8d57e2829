import { z } from 'zod';
import { defineCommand } from '../core/command.ts';
import { optionalFlag, text } from '../core/fields.ts';
import { changePlanInPlace } from './change.ts';
import { fixedChargeOf } from './find.ts';
import { fixedChargeInput } from './input.ts';
import { removeFixedCharges, writeFixedCharges } from './write-fixed-charges.ts';

/** One fixed charge of a plan at a time. */
const alone = (shapeFixed: boolean) => ({ removeOthers: false, shapeFixed });
const changes = fixedChargeInput.extend({ cascade_updates: optionalFlag() });

const createInput = z.object({ plan_code: text(), fixed_charge: changes });

export const createFixedCharge = defineCommand<z.infer<typeof createInput>, { id: string }>({
  name: 'plans/create-fixed-charge',
  input: createInput,
  right: 'plans.publish',
  reason: 'none',
  undo: null,
  run(ctx, { plan_code, fixed_charge }) {
    return changePlanInPlace(ctx, {
      code: plan_code,
      cascade: fixed_charge.cascade_updates ?? false,
      title: ({ plan }) => `Add a fixed price to "${plan.name}"`,
      async write(plan, shapeFixed) {
        const { ids, changes: units } = await writeFixedCharges(
          ctx,
          plan.version.id,
          [{ ...fixed_charge, id: null }],
          plan.fixedCharges,
          alone(shapeFixed),
        );
        return { result: { id: ids[0]! }, units };
      },
    });
  },
});

const updateInput = z.object({ plan_code: text(), code: text(), fixed_charge: changes });

export const updateFixedCharge = defineCommand<z.infer<typeof updateInput>, { id: string }>({
  name: 'plans/update-fixed-charge',
  input: updateInput,
  right: 'plans.publish',
  reason: 'none',
  undo: null,
  run(ctx, { plan_code, code, fixed_charge }) {
    return changePlanInPlace(ctx, {
      code: plan_code,
      cascade: fixed_charge.cascade_updates ?? false,
      title: ({ plan }) => `Change a fixed price of "${plan.name}"`,
      async write(plan, shapeFixed) {
        const { id } = fixedChargeOf(plan, code).row;
        const { changes: units } = await writeFixedCharges(
          ctx,
          plan.version.id,
          [{ ...fixed_charge, id }],
          plan.fixedCharges,
          alone(shapeFixed),
        );
        return { result: { id }, units };
      },
    });
  },
});

const deleteInput = z.object({ plan_code: text(), code: text(), cascade_updates: optionalFlag() });

export const deleteFixedCharge = defineCommand<z.infer<typeof deleteInput>, { id: string }>({
  name: 'plans/delete-fixed-charge',
  input: deleteInput,
  right: 'plans.publish',
  reason: 'none',
  undo: null,
  run(ctx, { plan_code, code, cascade_updates }) {
    return changePlanInPlace(ctx, {
      code: plan_code,
      cascade: cascade_updates ?? false,
      title: ({ plan }) => `Remove a fixed price from "${plan.name}"`,
      async write(plan) {
        const { id } = fixedChargeOf(plan, code).row;
        await removeFixedCharges(ctx, [id]);
        return { result: { id } };
      },
    });
  },
});
