export interface TaxFacts {
  id: string;
  code: string;
  name: string;
  description: string | null;
  /** Percent, for example "20". */
  rate: string;
}
