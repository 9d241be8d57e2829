import { deleteFee } from '@/lib/commands/fees/delete';
import { setFeePaymentStatus } from '@/lib/commands/fees/set-payment-status';
import { type FeeRow, loadFeeObjects } from '@/lib/queries/api/fees';
import { body } from '../about.ts';
import type { Door } from '../environment.ts';
import { unknown } from '../errors.ts';
import type { ApiRequest } from '../request.ts';
import { put, remove } from '../routes.ts';
import { feeDetailSchema, feeDetailWire, feeSchema, feeWire } from '../serializers/fee.ts';
import { one } from '../wire-schema.ts';

async function objectOf(request: ApiRequest, row: FeeRow) {
  const [object] = await request.read((tx) => loadFeeObjects(tx, request.organizationId, [row]));
  if (!object) throw unknown('fee');
  return object;
}

/** Changing fees that stand on no invoice (API contract, section 6). */
export function feesWrite(door: Door): void {
  put(
    door,
    '/fees/:id',
    {
      answers: one('fee', feeDetailSchema),
      takes: body('fee', setFeePaymentStatus.input, { without: ['feeId'] }),
    },
    async (request) => {
      const { payment_status } = await request.attributes('fee');
      const row = await request.run(setFeePaymentStatus, { feeId: request.param('id'), payment_status });
      return { fee: feeDetailWire(await objectOf(request, row)) };
    },
  );
  remove(door, '/fees/:id', { answers: one('fee', feeSchema) }, async (request) => {
    const row = await request.run(deleteFee, { feeId: request.param('id') });
    return { fee: feeWire(await objectOf(request, row)) };
  });
}
