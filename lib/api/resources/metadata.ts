import { z } from 'zod';
import type { Tx } from '@/db/clients';
import { findCreditNote } from '@/lib/commands/credit-notes/find';
import { creditNoteMetadata, planMetadata, walletMetadata } from '@/lib/commands/metadata/set';
import { findPlan } from '@/lib/commands/plans/find';
import { findWallet } from '@/lib/commands/wallets/find';
import { body } from '../about.ts';
import type { Door } from '../environment.ts';
import { missingRoot } from '../errors.ts';
import type { ApiRequest } from '../request.ts';
import { patch, post, remove } from '../routes.ts';
import { is, one } from '../wire-schema.ts';

const kept = one('metadata', z.record(z.string(), is.str.nullable()).nullable());

type Commands = typeof planMetadata;
/** Finds what a path names and answers its id. Throws not_found. */
type Find = (tx: Tx, request: ApiRequest) => Promise<string>;

/** `<path>/metadata`: POST replaces, PATCH merges, DELETE clears all of it or one key. */
function mount(door: Door, path: string, commands: Commands, find: Find): void {
  const all = `${path}/metadata`;
  const given = body('metadata', commands.write.input, { member: 'metadata' });
  const idOf = (request: ApiRequest) => request.read((tx) => find(tx, request));
  const write = async (request: ApiRequest, merge: boolean) => {
    const { metadata } = await request.body();
    if (metadata === undefined || metadata === null) throw missingRoot('metadata');
    return { metadata: await request.run(commands.write, { id: await idOf(request), metadata, merge }) };
  };
  post(door, all, { answers: kept, takes: given }, (request) => write(request, false));
  patch(door, all, { answers: kept, takes: given }, (request) => write(request, true));
  remove(door, all, { answers: kept }, async (request) => ({
    metadata: await request.run(commands.remove, { id: await idOf(request) }),
  }));
  remove(door, `${all}/:key`, { answers: kept }, async (request) => ({
    metadata: await request.run(commands.remove, { id: await idOf(request), key: request.param('key') }),
  }));
}

const ofPlan: Find = async (tx, request) =>
  (await findPlan(tx, request.organizationId, request.param('code'))).plan.id;
const ofCreditNote: Find = async (tx, request) =>
  (await findCreditNote(tx, request.organizationId, request.param('id'))).id;
const ofWallet: Find = async (tx, request) =>
  (await findWallet(tx, request.organizationId, { id: request.param('id') })).id;
const ofCustomersWallet: Find = async (tx, request) => {
  const name = { external_customer_id: request.param('external_id'), code: request.param('wallet_code') };
  return (await findWallet(tx, request.organizationId, name)).id;
};

/** Metadata of plans, wallets and credit notes (API contract, sections 2.2, 8 and 9). */
export function metadata(door: Door): void {
  mount(door, '/plans/:code', planMetadata, ofPlan);
  mount(door, '/credit_notes/:id', creditNoteMetadata, ofCreditNote);
  mount(door, '/wallets/:id', walletMetadata, ofWallet);
  mount(door, '/customers/:external_id/wallets/:wallet_code', walletMetadata, ofCustomersWallet);
}
