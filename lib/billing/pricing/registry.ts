import { dynamic } from './dynamic.ts';
import { graduated } from './graduated.ts';
import { graduatedPercentage } from './graduated-percentage.ts';
import type { ChargeModel, PriceInput, PriceResult } from './model.ts';
import { packageModel } from './package.ts';
import { percentage } from './percentage.ts';
import { standard } from './standard.ts';
import { volume } from './volume.ts';

/** Every charge model by its literal name. A new one is one file and one row here. */
const models = {
  standard,
  graduated,
  graduated_percentage: graduatedPercentage,
  package: packageModel,
  percentage,
  volume,
  dynamic,
} satisfies Record<string, ChargeModel>;

export type ChargeModelName = keyof typeof models;

export const chargeModels: Readonly<Record<ChargeModelName, ChargeModel>> = models;

/** Their names, in the order in which they are offered. */
export const CHARGE_MODEL_NAMES = Object.keys(models) as ChargeModelName[];

export const isChargeModel = (name: string): name is ChargeModelName => Object.hasOwn(chargeModels, name);

/** Narrows a stored name. Throws RangeError for one that is not in the registry. */
export function chargeModelNamed(name: string): ChargeModelName {
  if (isChargeModel(name)) return name;
  throw new RangeError(`No charge model is called ${name}`);
}

export function price(model: ChargeModelName, input: PriceInput): PriceResult {
  return chargeModels[model].price(input);
}
