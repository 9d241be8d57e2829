import type { DocumentParties, PartyFacts } from '@/db/schema';
import type { Party } from '@/lib/adapters/documents/description';

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
function place({ city, state, zipcode }: PartyFacts): string {
  const words = state ? [[city, state].filter(Boolean).join(', '), zipcode] : [zipcode, city];
  return words.filter(Boolean).join(' ');
}

/** "Tidewharf, Lda." has its full stop already. */
const sentence = (words: string): string => (words.endsWith('.') ? words : `${words}.`);

const nameOf = ({ legalName, name }: PartyFacts): string => legalName || name;

function partyOf(facts: PartyFacts, role: string): Party {
  const lines = [
    facts.line1,
    facts.line2,
    place(facts),
    facts.country && countryName(facts.country),
    facts.taxNumber && `Tax number ${facts.taxNumber}`,
  ];
  return { role, name: nameOf(facts), lines: lines.filter((line): line is string => !!line) };
}

/**
 * Who sells and who buys, as a document names them. A self-billed document is written by the buyer in the seller's name,
 * so they change places.
 */
export function namedParties({ customer, entity }: DocumentParties, selfBilled: boolean): Parties {
  const [seller, buyer] = selfBilled ? [customer, entity] : [entity, customer];
  const name = nameOf(seller);
  return {
    seller: partyOf(seller, 'From'),
    buyer: partyOf(buyer, 'For'),
    register: sentence(seller.legalNumber ? `${name}, registered as ${seller.legalNumber}` : name),
  };
}
