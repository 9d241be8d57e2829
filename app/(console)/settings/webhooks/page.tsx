import type { Metadata } from 'next';
import Link from 'next/link';
import { DateText } from '@/components/dates';
import { PageColumn, PageMain } from '@/components/shell/shell';
import { TopBar } from '@/components/shell/top-bar';
import { State } from '@/components/ui/state';
import { Card, Note, Section } from '@/components/ui/surface';
import { requirePerson } from '@/lib/auth/current';
import { holds } from '@/lib/auth/rights';
import {
  type DeliveryFilter,
  deliveriesPage,
  type EndpointLine,
  endpointLines,
  messagesAside,
  typesSent,
} from '@/lib/queries/console/webhooks';
import { CAUSED_TYPES } from '@/lib/schedule/webhooks/catalogue';
import { oneOf, only } from '../../_list/address';
import { reading } from '../../_reading/tenant';
import { settingsTabs } from '../tabs';
import { makeAgain } from './actions';
import { DeliveryLog } from './delivery-log';
import { ActForm, NewEndpointForm } from './forms';
import { WebhooksLocked } from './locked';
import { endpointState, shortUrl, typesWords } from './words';

export const metadata: Metadata = { title: 'Webhooks' };

const STATUSES = ['any', 'waiting', 'delivered', 'failed', 'paused'] as const;
const MOST = 10;

interface WebhooksProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function WebhooksPage({ searchParams }: WebhooksProps) {
  const person = await requirePerson();
  if (!holds(person.roles, 'webhooks.manage')) return <WebhooksLocked person={person} />;
  const words = await searchParams;
  const after = only(words.after);
  const status = oneOf(STATUSES, only(words.status));
  const read = await reading(async ({ tx, organizationId }) => {
    const endpoints = await endpointLines(tx, organizationId);
    const types = await typesSent(tx, organizationId);
    const filter: DeliveryFilter = {
      endpointId: endpoints.find(({ id }) => id === only(words.endpoint))?.id,
      status: status === 'any' ? undefined : status,
      type: types.find((type) => type === only(words.type)),
    };
    const aside = await messagesAside(tx, organizationId);
    return { endpoints, types, filter, aside, log: await deliveriesPage(tx, organizationId, filter, after) };
  });
  const { endpoints, types, filter, aside, log } = read;
  const now = Date.now();
  return (
    <PageColumn>
      <TopBar title="Settings" tabs={settingsTabs('webhooks')} />
      <PageMain>
        <h2 className="text-xl">Webhooks</h2>
        <p className="mt-1 max-w-160 text-base text-pretty text-text-2">
          Your systems are told what happens here within seconds. What is not taken is tried again for days,
          and everything can be sent again from the list below.
        </p>
        {aside > 0 && (
          <Note
            warn
            className="mt-4"
            action={
              <ActForm
                action={makeAgain}
                hidden={{}}
                words="Make them again"
                running="Making them"
                size="sm"
              />
            }
          >
            {aside === 1 ? 'One message' : `${aside} messages`} could not be made and wait.
          </Note>
        )}
        <div className="mt-6 grid grid-cols-[minmax(0,1fr)_19rem] grid-rows-[auto_1fr] gap-x-10 gap-y-8 @max-4xl:grid-cols-1">
          <Section title="Endpoints" className="min-w-0">
            <ul className="mt-2">
              {endpoints.map((endpoint) => (
                <EndpointRow key={endpoint.id} endpoint={endpoint} now={now} timezone={person.timezone} />
              ))}
              {endpoints.length === 0 && (
                <li className="border-t border-hair py-2 text-text-2">
                  Nobody is told yet. Add the address of a system that should know about customers,
                  subscriptions, invoices and payments.
                </li>
              )}
            </ul>
          </Section>
          <div className="row-span-2 @max-4xl:row-span-1">
            <Card label="A new endpoint">
              <h2 className="mb-3 tracking-normal">A new endpoint</h2>
              {endpoints.length < MOST ? (
                <NewEndpointForm types={CAUSED_TYPES} />
              ) : (
                <p className="text-text-2">
                  There are {MOST} endpoints, which is the most. Remove one first.
                </p>
              )}
            </Card>
          </div>
          <DeliveryLog
            log={log}
            endpoints={endpoints}
            types={types}
            filter={filter}
            paged={after !== undefined}
            now={now}
            timezone={person.timezone}
          />
        </div>
      </PageMain>
    </PageColumn>
  );
}

function EndpointRow({ endpoint, now, timezone }: { endpoint: EndpointLine; now: number; timezone: string }) {
  const state = endpointState(endpoint);
  const { waiting, failed, paused } = endpoint;
  const left = [
    waiting > 0 && `${waiting} on their way`,
    failed > 0 && `${failed} given up`,
    paused > 0 && `${paused} wait`,
  ].filter(Boolean);
  return (
    <li className="flex items-center gap-3 border-t border-hair py-2">
      <span className="min-w-0 flex-1">
        <Link
          href={`/settings/webhooks/${endpoint.id}`}
          className="block truncate font-medium hover:underline"
          title={endpoint.url}
        >
          {endpoint.name ?? shortUrl(endpoint.url)}
        </Link>
        <span className="block truncate text-xs leading-5 text-text-3">
          {endpoint.name && <span className="code">{shortUrl(endpoint.url)} · </span>}
          {typesWords(endpoint.eventTypes)}
          {left.length > 0 && ` · ${left.join(', ')}`}
          {endpoint.failingSince !== null && endpoint.disabledAt === null && (
            <>
              {' · since '}
              <DateText instant={endpoint.failingSince} tz={timezone} style="moment" now={now} />
            </>
          )}
        </span>
      </span>
      <State kind={state.kind} className="flex-none">
        {state.words}
      </State>
    </li>
  );
}
