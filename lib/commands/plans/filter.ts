import { z } from 'zod';
import type { FilterNode } from '@/lib/queries/api/plan-graph';
import { notFound } from '@/lib/schedule/errors';
import { defineCommand } from '../core/command.ts';
import { optionalFlag, text } from '../core/fields.ts';
import { changePlanInPlace } from './change.ts';
import { chargeOf } from './find.ts';
import { type FilterInput, filterInput } from './input.ts';
import { sameValues, writeCharges } from './write-charges.ts';

/** One filter of a charge at a time. The charge is written whole, so its rules hold for every filter it then has. */
function asInput({ id, invoiceDisplayName, values, properties }: FilterNode): FilterInput {
  return { id, invoice_display_name: invoiceDisplayName, values, properties };
}

const target = { plan_code: text(), charge_code: text() };
const cascade = { cascade_updates: optionalFlag() };
const createInput = z.object({ ...target, filter: filterInput.extend(cascade) });

export const createFilter = defineCommand<z.infer<typeof createInput>, { values: FilterInput['values'] }>({
  name: 'plans/create-filter',
  input: createInput,
  right: 'plans.publish',
  reason: 'none',
  undo: null,
  run(ctx, { plan_code, charge_code, filter }) {
    return changePlanInPlace(ctx, {
      code: plan_code,
      cascade: filter.cascade_updates ?? false,
      title: ({ plan }) => `Add a price for some usage to "${plan.name}"`,
      async write(plan, shapeFixed) {
        const charge = chargeOf(plan, charge_code);
        const filters = [
          ...charge.filters.filter(({ values }) => !sameValues(values, filter.values)).map(asInput),
          filter,
        ];
        const options = { removeOthers: false, shapeFixed };
        await writeCharges(ctx, plan.version.id, [{ id: charge.row.id, filters }], plan.charges, options);
        return { result: { values: filter.values } };
      },
    });
  },
});

const updateInput = z.object({ ...target, id: text(), filter: filterInput.partial().extend(cascade) });

export const updateFilter = defineCommand<z.infer<typeof updateInput>, { values: FilterInput['values'] }>({
  name: 'plans/update-filter',
  input: updateInput,
  right: 'plans.publish',
  reason: 'none',
  undo: null,
  run(ctx, { plan_code, charge_code, id, filter }) {
    return changePlanInPlace(ctx, {
      code: plan_code,
      cascade: filter.cascade_updates ?? false,
      title: ({ plan }) => `Change the price for some usage of "${plan.name}"`,
      async write(plan, shapeFixed) {
        const charge = chargeOf(plan, charge_code);
        const present = charge.filters.find((candidate) => candidate.id === id) ?? notFound('charge_filter');
        const changed: FilterInput = {
          id,
          invoice_display_name:
            filter.invoice_display_name === undefined
              ? present.invoiceDisplayName
              : filter.invoice_display_name,
          properties: filter.properties ?? present.properties,
          values: filter.values ?? present.values,
        };
        const filters = charge.filters.map((one) => (one.id === id ? changed : asInput(one)));
        const options = { removeOthers: false, shapeFixed };
        await writeCharges(ctx, plan.version.id, [{ id: charge.row.id, filters }], plan.charges, options);
        return { result: { values: changed.values } };
      },
    });
  },
});

const deleteInput = z.object({ ...target, id: text(), ...cascade });

export const deleteFilter = defineCommand<z.infer<typeof deleteInput>, FilterNode>({
  name: 'plans/delete-filter',
  input: deleteInput,
  right: 'plans.publish',
  reason: 'none',
  undo: null,
  run(ctx, { plan_code, charge_code, id, cascade_updates }) {
    return changePlanInPlace(ctx, {
      code: plan_code,
      cascade: cascade_updates ?? false,
      title: ({ plan }) => `Remove the price for some usage from "${plan.name}"`,
      async write(plan, shapeFixed) {
        const charge = chargeOf(plan, charge_code);
        const gone = charge.filters.find((candidate) => candidate.id === id) ?? notFound('charge_filter');
        const filters = charge.filters.filter((one) => one.id !== id).map(asInput);
        const options = { removeOthers: false, shapeFixed };
        await writeCharges(ctx, plan.version.id, [{ id: charge.row.id, filters }], plan.charges, options);
        return { result: gone };
      },
    });
  },
});
