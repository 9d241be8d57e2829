import { dynamic } from './dynamic.ts';
import { graduated } from './graduated.ts';
import { graduatedPercentage } from './graduated-percentage.ts';
import type { ChargeModel, ChargeModelName, PriceInput, PriceResult } from './model.ts';
import { packageModel } from './package.ts';
import { percentage } from './percentage.ts';
import { standard } from './standard.ts';
import { volume } from './volume.ts';

/** Every charge model by its literal name. A new one is one file and one row here. */
export const chargeModels: Record<ChargeModelName, ChargeModel> = {
  standard,
  graduated,
  graduated_percentage: graduatedPercentage,
  package: packageModel,
  percentage,
  volume,
  dynamic,
};

export const isChargeModel = (name: string): name is ChargeModelName => Object.hasOwn(chargeModels, name);

export function price(model: ChargeModelName, input: PriceInput): PriceResult {
  return chargeModels[model].price(input);
}
