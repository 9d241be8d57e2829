/** Where accounts live: whose day it is when their bills are cut, and which tax they bear. */
export const PLACES = {
  lisbon: { timezone: 'Europe/Lisbon', country: 'PT', city: 'Lisbon', tax: 'vat_pt' },
  london: { timezone: 'Europe/London', country: 'GB', city: 'London' },
  berlin: { timezone: 'Europe/Berlin', country: 'DE', city: 'Berlin', tax: 'vat_de' },
  stockholm: { timezone: 'Europe/Stockholm', country: 'SE', city: 'Stockholm' },
  newYork: { timezone: 'America/New_York', country: 'US', city: 'New York' },
  losAngeles: { timezone: 'America/Los_Angeles', country: 'US', city: 'Los Angeles' },
  toronto: { timezone: 'America/Toronto', country: 'CA', city: 'Toronto' },
  halifax: { timezone: 'America/Halifax', country: 'CA', city: 'Halifax' },
  saoPaulo: { timezone: 'America/Sao_Paulo', country: 'BR', city: 'São Paulo' },
  tokyo: { timezone: 'Asia/Tokyo', country: 'JP', city: 'Tokyo' },
  auckland: { timezone: 'Pacific/Auckland', country: 'NZ', city: 'Auckland' },
} as const satisfies Record<string, Place>;

export interface Place {
  timezone: string;
  country: string;
  city: string;
  /** Code of the tax accounts here bear. */
  tax?: 'vat_pt' | 'vat_de';
}

export type PlaceKey = keyof typeof PLACES;
