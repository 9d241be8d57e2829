import type { DemoCustomer } from './customer.ts';
import { FIRST_CUSTOMERS } from './customers-first.ts';
import { LATER_CUSTOMERS } from './customers-later.ts';

/** Some sixty accounts. */
export const CUSTOMERS: DemoCustomer[] = [...FIRST_CUSTOMERS, ...LATER_CUSTOMERS];
