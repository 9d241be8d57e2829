import type { DocumentParties, PartyFacts } from '@/db/schema';
import type { BilledCustomer, CustomerRow } from './billed-customer';

/** How a customer is called: the name, else the person's, else the id its owner gave it. */
export const shownName = ({
  name,
  firstname,
  lastname,
  externalId,
}: Pick<CustomerRow, 'name' | 'firstname' | 'lastname' | 'externalId'>): string =>
  name || [firstname, lastname].filter(Boolean).join(' ').trim() || externalId;

/** What an invoice or a credit note keeps of both sides as it is issued, whatever they are called later. */
export function partiesOf({ customer, entity }: BilledCustomer): DocumentParties {
  return {
    customer: { ...addressOf(customer), name: shownName(customer) },
    entity: { ...addressOf(entity), name: entity.name },
    footer: entity.invoiceFooter,
  };
}

const addressOf = (row: BilledCustomer['customer'] | BilledCustomer['entity']): Omit<PartyFacts, 'name'> => ({
  legalName: row.legalName,
  line1: row.addressLine1,
  line2: row.addressLine2,
  city: row.city,
  state: row.state,
  zipcode: row.zipcode,
  country: row.country,
  taxNumber: row.taxIdentificationNumber,
  legalNumber: row.legalNumber,
});
