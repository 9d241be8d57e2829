import type { Databases } from '@/db/clients';
import { withSystem } from '@/db/tenancy';
import { createApiKey } from '@/lib/auth/api-keys';
import { createOrganization } from '@/lib/auth/organizations';
import type { Actor } from '@/lib/commands/core/command';
import { runCommand } from '@/lib/commands/core/execute';
import { updateBillingEntity } from '@/lib/commands/organizations/update-billing-entity';
import { addStaff, type Staff } from './people.ts';

/** Tidewharf is invented: an app platform with metered compute and a gateway to language models. */
export const COMPANY = {
  name: 'Tidewharf',
  timezone: 'Europe/Lisbon',
  currency: 'USD',
  country: 'PT',
} as const;

export interface Company {
  databases: Databases;
  organizationId: string;
  staff: Staff;
  /** The company's own software, which signs customers up, reports usage and starts subscriptions. */
  software: Extract<Actor, { type: 'api_key' }>;
}

/**
 * Founds the company at `now` (epoch milliseconds): the organisation, its people, and its live API key, which is exactly
 * `apiKey` when given.
 */
export async function foundCompany(
  databases: Databases,
  { mode, now, apiKey }: { mode: 'live' | 'history'; now: number; apiKey: string | undefined },
): Promise<Company> {
  return withSystem(databases, async (tx) => {
    const { organizationId } = await createOrganization(tx, { ...COMPANY, mode, now });
    const staff = await addStaff(tx, organizationId, now);
    const name = `${COMPANY.name} platform`;
    const key = await createApiKey(tx, { organizationId, name, live: true, value: apiKey }, now);
    return { databases, organizationId, staff, software: { type: 'api_key', id: key.id, name } };
  });
}

/** Helene says how the company bills: who it is, seven days to pay, and no bill where there is nothing to pay. */
export async function settleIn({ databases, organizationId, staff }: Company): Promise<void> {
  await runCommand(databases, updateBillingEntity, {
    organizationId,
    actor: staff.helene,
    input: {
      code: 'default',
      changes: {
        legal_name: 'Tidewharf, Lda.',
        address_line1: 'Rua das Gaivotas 12',
        zipcode: '1200-202',
        city: 'Lisbon',
        email: 'billing@tidewharf.example',
        net_payment_term: 7,
        finalize_zero_amount_invoice: false,
        document_number_prefix: 'TW',
        invoice_footer: 'Questions: billing@tidewharf.example, answered within a working day.',
      },
    },
  });
}
