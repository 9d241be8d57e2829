import type { PlanCode } from './catalogue.ts';
import { type Chapter, change, credits, discount, end, extend, returns } from './chapters.ts';
import type { PlaceKey } from './places.ts';

/** How much an account uses. Compute is minutes a day, at first and at last; the rest follows from it or is named. */
export interface Use {
  minutes: [first: number, last: number];
  /** Gigabytes sent a day; a fortieth of the minutes when absent. */
  gigabytes?: number;
  /** Which half of the gateway's trace they draw on, and how large their share of it is. */
  chat?: number;
  code?: number;
  /** Nothing has been heard from them for this many days. */
  silent?: number;
}

/** How an account pays: by card at once, by transfer after some days; or it stopped paying some days ago. */
export interface Paying {
  by: 'card' | 'transfer';
  days?: number;
  stopped?: number;
  /** Days an invoice may wait; the company's term (at once) when absent. */
  term?: number;
}

export interface DemoCustomer {
  name: string;
  contact: string;
  place: PlaceKey;
  plan: PlanCode;
  /** Days ago they signed up. */
  joined: number;
  use: Use;
  story: Chapter[];
  paying: Paying;
  /** Bills on the first of the month instead of the day they began. */
  calendar?: boolean;
}

type Extra = Partial<Pick<DemoCustomer, 'paying' | 'calendar' | 'story'>>;

function customer(
  name: string,
  contact: string,
  place: PlaceKey,
  plan: PlanCode,
  joined: number,
  use: Use,
  { paying = { by: 'card' }, calendar = false, story = [] }: Extra = {},
): DemoCustomer {
  return { name, contact, place, plan, joined, use, story, paying, calendar };
}

/** Sixty accounts, oldest first. Companies and people are invented. */
export const CUSTOMERS: DemoCustomer[] = [
  customer(
    'Tern Logistics',
    'Agda Holm',
    'stockholm',
    'studio',
    540,
    { minutes: [500, 2900], chat: 5 },
    {
      calendar: true,
      paying: { by: 'transfer', days: 12, term: 15 },
      story: [discount(420, 20, 6, 'mira', 'sales_promise', 'Signed for a year of logs with us')],
    },
  ),
  customer(
    'Loam Media',
    'Joss Ardern',
    'auckland',
    'crew',
    538,
    { minutes: [70, 900], chat: 3 },
    {
      paying: { by: 'card', stopped: 12 },
      story: [change(300, 'studio', 'now', 'mira', 'outgrew')],
    },
  ),
  customer(
    'Quillon Research',
    'Petra Vale',
    'berlin',
    'crew',
    531,
    { minutes: [90, 1600], code: 7 },
    {
      calendar: true,
      paying: { by: 'transfer', days: 9, term: 14 },
      story: [
        change(352, 'studio', 'now', 'mira', 'outgrew', 'Their nightly builds no longer fit'),
        credits(96, 250, 'kofi', 'outage', { lasts: 120, note: 'Builds stood still for three hours' }),
      ],
    },
  ),
  customer('Papermoth', 'Noor Hadley', 'london', 'crew', 525, { minutes: [80, 130], chat: 1, silent: 19 }),
  customer(
    'Skerry Data',
    'Ulf Brae',
    'halifax',
    'crew',
    519,
    { minutes: [60, 190], code: 3 },
    {
      story: [discount(44, 20, 3, 'kofi', 'keep', 'Thought about leaving for a cheaper host')],
    },
  ),
  customer(
    'Brindle Legal',
    'Amos Keane',
    'newYork',
    'crew',
    512,
    { minutes: [50, 96], chat: 2 },
    {
      calendar: true,
      story: [credits(23, 180, 'kofi', 'outage', { lasts: 41, note: 'Ticket 7291' })],
    },
  ),
  customer(
    'Corvid Press',
    'Agnes Roy',
    'toronto',
    'studio',
    505,
    { minutes: [420, 1150], chat: 4 },
    {
      paying: { by: 'card', stopped: 9 },
    },
  ),
  customer(
    'Fennimore Group',
    'Dale Whitcomb',
    'losAngeles',
    'studio',
    498,
    { minutes: [600, 500], code: 3 },
    {
      story: [end(71, 'ines', 'other', 'Built their own')],
    },
  ),
  customer(
    'Anselm Books',
    'Brother Teo Lys',
    'saoPaulo',
    'solo',
    492,
    { minutes: [7, 12], chat: 1 },
    {
      paying: { by: 'card', stopped: 16 },
    },
  ),
  customer(
    'Juno & Vale',
    'Marit Juno',
    'london',
    'crew',
    486,
    { minutes: [60, 105], chat: 1 },
    {
      story: [discount(200, 10, 3, 'pia', 'outage')],
    },
  ),
  customer(
    'Merrin Optics',
    'Yuki Merrin',
    'tokyo',
    'studio',
    480,
    { minutes: [450, 980], code: 4 },
    {
      calendar: true,
      paying: { by: 'transfer', days: 24, term: 30 },
    },
  ),
  customer(
    'Copperline',
    'Rafe Tolland',
    'newYork',
    'crew',
    471,
    { minutes: [70, 60] },
    {
      story: [end(139, 'kofi', 'other', 'Unpaid for two months')],
      paying: { by: 'card', stopped: 205 },
    },
  ),
  customer(
    'Bastion Radio',
    'Ciro Pell',
    'lisbon',
    'studio',
    465,
    { minutes: [500, 240], chat: 2 },
    {
      story: [change(118, 'crew', 'next_bill', 'pia', 'customer_asked', 'Half the shows ended in spring')],
    },
  ),
  customer(
    'Tallow Street Radio',
    'Imre Costa',
    'lisbon',
    'crew',
    458,
    { minutes: [75, 125], chat: 2 },
    {
      calendar: true,
    },
  ),
  customer(
    'Dunmere Verlag',
    'Hanne Dunmere',
    'berlin',
    'crew-eur',
    452,
    { minutes: [90, 140], chat: 2 },
    {
      paying: { by: 'transfer', days: 6, term: 10 },
    },
  ),
  customer(
    'Marrow & Pine',
    'Sol Pineda',
    'losAngeles',
    'crew',
    446,
    { minutes: [65, 110], chat: 1 },
    {
      story: [
        credits(150, 60, 'pia', 'mistake', { note: 'We had counted a test app' }),
        discount(149, 15, 2, 'kofi', 'keep'),
      ],
    },
  ),
  customer(
    'Kittiwake Media',
    'Sunniva Berg',
    'stockholm',
    'crew-yearly',
    440,
    { minutes: [60, 45] },
    {
      story: [end(75, 'ines', 'other', 'Too costly')],
    },
  ),
  customer(
    'Hazel & Byre',
    'Tilda Byre',
    'london',
    'crew',
    431,
    { minutes: [80, 150], code: 2 },
    {
      story: [discount(60, 25, 3, 'ines', 'keep'), discount(260, 10, 6, 'mira', 'sales_promise')],
    },
  ),
  customer(
    'Orrery Health',
    'Dr Ama Sefton',
    'toronto',
    'studio',
    420,
    { minutes: [700, 2400], chat: 7 },
    {
      calendar: true,
      paying: { by: 'transfer', days: 18, term: 30 },
      story: [
        credits(230, 400, 'ines', 'outage', { lasts: 90, note: 'Gateway down for an afternoon' }),
        credits(37, 500, 'mira', 'thanks', { lasts: 62, note: 'Spoke at our open day' }),
      ],
    },
  ),
  customer(
    'Gannet Systems',
    'Bo Larkin',
    'halifax',
    'crew',
    412,
    { minutes: [50, 40] },
    {
      story: [discount(330, 25, 3, 'kofi', 'keep'), end(97, 'pia', 'other', 'Too costly')],
    },
  ),
  customer(
    'Wickfield Schools',
    'Perpetua Moss',
    'london',
    'crew',
    405,
    { minutes: [60, 115], chat: 2 },
    {
      paying: { by: 'card', stopped: 6 },
    },
  ),
  customer(
    'Moth & Lantern',
    'Ilse Moth',
    'berlin',
    'crew',
    398,
    { minutes: [70, 130], chat: 1 },
    {
      story: [end(250, 'kofi', 'other', 'Paused the product'), returns(63, 'crew')],
    },
  ),
  customer('Cobalt Kites', 'Ana Reis', 'lisbon', 'solo', 391, { minutes: [6, 14] }),
  customer('Heron Freight', 'Dag Ostby', 'stockholm', 'crew-yearly', 384, { minutes: [85, 170], code: 2 }),
  customer(
    'Sable Instruments',
    'Kenji Orima',
    'tokyo',
    'studio',
    377,
    { minutes: [520, 1300], code: 5 },
    {
      paying: { by: 'transfer', days: 10, term: 14 },
    },
  ),
  customer(
    'Fennick & Sons',
    'Walt Fennick',
    'newYork',
    'crew',
    369,
    { minutes: [55, 120] },
    {
      story: [discount(331, 25, 3, 'pia', 'outage'), discount(110, 50, 2, 'tomas', 'keep')],
    },
  ),
  customer(
    'Pylon Podcasts',
    'Dee Ocampo',
    'losAngeles',
    'crew',
    360,
    { minutes: [90, 480], chat: 3 },
    {
      calendar: true,
      story: [discount(70, 10, 3, 'kofi', 'outage'), credits(16, 75, 'pia', 'outage', { lasts: 90 })],
    },
  ),
  customer(
    'Northbeam Atlas',
    'Lou Garrity',
    'newYork',
    'solo',
    352,
    { minutes: [9, 260] },
    {
      story: [
        change(240, 'crew', 'now', 'mira', 'outgrew'),
        credits(239, 40, 'mira', 'thanks', { lasts: 60 }),
      ],
    },
  ),
  customer(
    'Verdigris Labs',
    'Otis Vane',
    'losAngeles',
    'studio',
    343,
    { minutes: [610, 2100], code: 8 },
    {
      story: [discount(320, 30, 12, 'mira', 'sales_promise', 'First year of a young company')],
    },
  ),
  customer(
    'Dray & Daughter',
    'Fern Dray',
    'auckland',
    'crew',
    335,
    { minutes: [50, 30] },
    {
      story: [end(83, 'kofi', 'other', 'Closed down')],
    },
  ),
  customer(
    'Candlewick Games',
    'Rui Tavares',
    'lisbon',
    'crew',
    327,
    { minutes: [70, 820], chat: 4 },
    {
      story: [change(91, 'studio', 'now', 'mira', 'outgrew', 'Their spring release did well')],
    },
  ),
  customer(
    'Osier Works',
    'Greta Osier',
    'berlin',
    'crew-eur',
    318,
    { minutes: [60, 115], code: 2 },
    {
      story: [discount(318, 25, 3, 'mira', 'sales_promise')],
    },
  ),
  customer('Lantern Yard', 'Eli Moreau', 'toronto', 'crew', 309, { minutes: [65, 140], chat: 2 }),
  customer('Plover & Finch', 'Sana Iqbal', 'london', 'solo', 301, { minutes: [8, 18], chat: 1 }),
  customer(
    'Harrow Analytics',
    'Tess Harrow',
    'newYork',
    'crew',
    292,
    { minutes: [80, 210], code: 4 },
    {
      story: [extend(272, 14, 'kofi', 'evaluating', 'Security review took longer')],
    },
  ),
  customer(
    'Bluestem Farms',
    'Cal Whitten',
    'saoPaulo',
    'crew',
    283,
    { minutes: [40, 62] },
    {
      story: [change(64, 'solo', 'next_bill', 'pia', 'customer_asked')],
    },
  ),
  customer('Ravelin Labs', 'Ida Kask', 'stockholm', 'crew', 274, { minutes: [75, 160], code: 3 }),
  customer(
    'Thimble Finance',
    'Noa Peretz',
    'newYork',
    'studio',
    266,
    { minutes: [480, 1250], chat: 6 },
    {
      calendar: true,
      paying: { by: 'transfer', days: 21, term: 30 },
      story: [credits(12, 500, 'mira', 'sales_promise', { lasts: 180, note: 'Agreed at renewal' })],
    },
  ),
  customer(
    'Galley Proof',
    'Min Seo',
    'tokyo',
    'solo',
    257,
    { minutes: [7, 11] },
    {
      story: [end(150, 'pia', 'other', 'Project ended')],
    },
  ),
  customer('Alder & Oak', 'Rosa Amado', 'saoPaulo', 'crew', 248, { minutes: [60, 108], chat: 1 }),
  customer('Meridian Choir', 'Joan Abiola', 'london', 'solo', 239, { minutes: [5, 9], silent: 33 }),
  customer(
    'Foxglove Clinics',
    'Dr Emil Sand',
    'berlin',
    'studio-eur',
    231,
    { minutes: [430, 900], chat: 4 },
    {
      paying: { by: 'transfer', days: 11, term: 14 },
    },
  ),
  customer(
    'Stonecrop Tools',
    'Vic Amberg',
    'losAngeles',
    'crew',
    222,
    { minutes: [70, 175], code: 3 },
    {
      story: [credits(30, 120, 'kofi', 'outage', { lasts: 47 })],
    },
  ),
  customer('Paddock Nine', 'Wren Doyle', 'auckland', 'crew', 213, { minutes: [55, 95] }),
  customer(
    'Iron Gull',
    'Sven Askew',
    'halifax',
    'crew',
    205,
    { minutes: [50, 44] },
    {
      story: [extend(182, 7, 'pia', 'onboarding_delay'), end(52, 'ines', 'other', 'Too costly')],
    },
  ),
  customer(
    'Tessellate',
    'Ren Aoki',
    'tokyo',
    'studio',
    196,
    { minutes: [500, 1500], code: 6 },
    {
      story: [discount(190, 20, 3, 'mira', 'sales_promise')],
    },
  ),
  customer('Willow Ledger', 'Pat Oyelaran', 'newYork', 'crew-yearly', 187, { minutes: [70, 120], chat: 1 }),
  customer('Hollow Reed', 'Mio Castell', 'lisbon', 'solo', 174, { minutes: [6, 21], chat: 1 }),
  customer(
    'Amber Switchyard',
    'Jude Kessler',
    'berlin',
    'crew',
    160,
    { minutes: [65, 190], code: 4 },
    {
      story: [change(4, 'studio', 'next_bill', 'mira', 'outgrew', 'More builds from next month')],
    },
  ),
  customer(
    'Redcap Travel',
    'Lidia Sousa',
    'saoPaulo',
    'crew',
    147,
    { minutes: [60, 88], chat: 2 },
    {
      story: [change(5, 'solo', 'next_bill', 'kofi', 'customer_asked', 'Quiet season until spring')],
    },
  ),
  customer(
    'Silverfin Maps',
    'Tove Lind',
    'stockholm',
    'studio',
    133,
    { minutes: [420, 1050], chat: 3 },
    {
      story: [extend(108, 14, 'mira', 'sales_promise')],
    },
  ),
  customer('Cinder & Co', 'Abe Lowry', 'toronto', 'crew', 118, { minutes: [50, 99] }),
  customer('Osprey Notes', 'Hal Brightwell', 'newYork', 'solo', 102, { minutes: [6, 16], chat: 2 }),
  customer(
    'Mossfield Energy',
    'Una Corrigan',
    'london',
    'studio',
    88,
    { minutes: [380, 1100], code: 5 },
    {
      calendar: true,
      story: [discount(57, 15, 6, 'mira', 'sales_promise')],
    },
  ),
  customer('Larkspur Rail', 'Femi Adeyinka', 'london', 'crew', 72, { minutes: [60, 132], chat: 1 }),
  customer('Pebble Post', 'Ayo Brandt', 'losAngeles', 'crew', 47, { minutes: [55, 92] }),
  customer('Hexley Museums', 'Clara Hexley', 'london', 'studio', 27, { minutes: [210, 90], silent: 11 }),
  customer(
    'Saltmarsh Studios',
    'Lena Marsh',
    'halifax',
    'crew',
    26,
    { minutes: [60, 150], chat: 3 },
    {
      story: [credits(7, 50, 'kofi', 'outage', { lasts: 80 })],
    },
  ),
  customer('Glasshouse Bio', 'Mads Ekholm', 'stockholm', 'studio', 25, { minutes: [300, 620], code: 3 }),
  customer(
    'Kestrel Yard',
    'Bea Quist',
    'auckland',
    'crew',
    38,
    { minutes: [60, 120], chat: 1 },
    {
      story: [extend(10, 14, 'kofi', 'onboarding_delay', 'Ticket 7309, their lead was away')],
    },
  ),
  customer('Tinder Box Theatre', 'Gil Romano', 'newYork', 'crew', 14, { minutes: [35, 85] }),
  customer('Ninefold Press', 'Aoi Tanabe', 'tokyo', 'solo', 5, { minutes: [5, 12], chat: 1 }),
];
