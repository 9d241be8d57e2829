import { sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import type { Party } from '@/lib/adapters/documents/description';
import { customerName } from '../console/sql.ts';

interface PartyRow extends Record<string, string | null> {
  name: string;
  line1: string | null;
  line2: string | null;
  city: string | null;
  state: string | null;
  zipcode: string | null;
  country: string | null;
  taxNumber: string | null;
  legalNumber: string | null;
}

export interface Parties {
  seller: Party;
  buyer: Party;
  /** The seller's name and register entry as the small print says them, with their full stop. */
  register: string;
}

const countries = new Intl.DisplayNames('en', { type: 'region', fallback: 'code' });

function countryName(code: string): string {
  try {
    return countries.of(code.toUpperCase()) ?? code;
  } catch {
    return code;
  }
}

/** "Portland, Oregon 97209" where there is a state, "1200 Lisboa" where there is none. */
function place({ city, state, zipcode }: PartyRow): string {
  const words = state ? [[city, state].filter(Boolean).join(', '), zipcode] : [zipcode, city];
  return words.filter(Boolean).join(' ');
}

/** "Tidewharf, Lda." has its full stop already. */
const sentence = (words: string): string => (words.endsWith('.') ? words : `${words}.`);

function partyOf(row: PartyRow, role: string): Party {
  const lines = [
    row.line1,
    row.line2,
    place(row),
    row.country && countryName(row.country),
    row.taxNumber && `Tax number ${row.taxNumber}`,
  ];
  return { role, name: row.name, lines: lines.filter((line): line is string => !!line) };
}

const columns = (alias: string) =>
  sql.raw(`${alias}.address_line1 as line1, ${alias}.address_line2 as line2, ${alias}.city, ${alias}.state,
    ${alias}.zipcode, ${alias}.country, ${alias}.tax_identification_number as "taxNumber",
    ${alias}.legal_number as "legalNumber"`);

/**
 * Who sells and who buys, as a document names them now. A self-billed document is written by the buyer in the seller's
 * name, so they change places. Throws when either is gone, which keys do not allow.
 */
export async function readParties(
  tx: Tx,
  organizationId: string,
  ids: { customerId: string; billingEntityId: string; selfBilled: boolean },
): Promise<Parties> {
  const [customer] = await tx.execute<PartyRow>(sql`
    select coalesce(nullif(c.legal_name, ''), ${customerName('c')}) as name, ${columns('c')}
    from customers c where c.organization_id = ${organizationId} and c.id = ${ids.customerId}`);
  const [entity] = await tx.execute<PartyRow>(sql`
    select coalesce(nullif(e.legal_name, ''), e.name) as name, ${columns('e')}
    from billing_entities e where e.organization_id = ${organizationId} and e.id = ${ids.billingEntityId}`);
  if (!customer || !entity) throw new Error('a document without a seller or a buyer');
  const [seller, buyer] = ids.selfBilled ? [customer, entity] : [entity, customer];
  return {
    seller: partyOf(seller, 'From'),
    buyer: partyOf(buyer, 'For'),
    register: sentence(
      seller.legalNumber ? `${seller.name}, registered as ${seller.legalNumber}` : seller.name,
    ),
  };
}
