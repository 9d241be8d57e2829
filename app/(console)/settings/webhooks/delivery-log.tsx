import Link from 'next/link';
import { formatInstant } from '@/components/format-date';
import { State } from '@/components/ui/state';
import { Section } from '@/components/ui/surface';
import { PhoneList, PhoneRow, Table, Td, Th } from '@/components/ui/table';
import { EmptyState } from '@/components/ui/waiting';
import type { Page } from '@/lib/queries/console/cursor';
import type { DeliveryFilter, DeliveryLine, EndpointLine } from '@/lib/queries/console/webhooks';
import { withWords } from '../../_list/address';
import { More } from '../../_list/more';
import { SayChoice } from '../../_list/say-choice';
import { deliveryState, shortUrl } from './words';

interface DeliveryLogProps {
  log: Page<DeliveryLine>;
  endpoints: readonly EndpointLine[];
  types: readonly string[];
  filter: DeliveryFilter;
  /** Not the first page. */
  paged: boolean;
  now: number;
  timezone: string;
}

const STATUS_SAID = [
  ['waiting', 'on their way'],
  ['delivered', 'delivered'],
  ['failed', 'given up'],
  ['paused', 'waiting for an endpoint that is off'],
] as const;

/** What was sent, or will be: latest first, by state, endpoint and kind. */
export function DeliveryLog({ log, endpoints, types, filter, paged, now, timezone }: DeliveryLogProps) {
  const said = { endpoint: filter.endpointId, status: filter.status, type: filter.type };
  const to = (change: Record<string, string | null>) => withWords('/settings/webhooks', said, change);
  const endpoint = endpoints.find(({ id }) => id === filter.endpointId);
  const filtered = Object.values(said).some(Boolean);
  const when = (line: DeliveryLine) => formatInstant(line.at, timezone, 'moment', now);
  return (
    <Section title="What was sent" className="min-w-0">
      <div className="say my-2">
        Messages{' '}
        <SayChoice
          label="State"
          words={STATUS_SAID.find(([status]) => status === filter.status)?.[1] ?? 'in any state'}
          items={[
            { label: 'in any state', href: to({ status: null }) },
            ...STATUS_SAID.map(([status, label]) => ({ label, href: to({ status }) })),
          ]}
        />{' '}
        to{' '}
        <SayChoice
          label="Endpoint"
          words={endpoint ? (endpoint.name ?? shortUrl(endpoint.url)) : 'any endpoint'}
          items={[
            { label: 'any endpoint', href: to({ endpoint: null }) },
            ...endpoints.map(({ id, name, url }) => ({
              label: name ?? shortUrl(url),
              href: to({ endpoint: id }),
            })),
          ]}
        />{' '}
        about{' '}
        <SayChoice
          label="Event"
          words={filter.type ?? 'any event'}
          items={[
            { label: 'any event', href: to({ type: null }) },
            ...types.map((type) => ({ label: type, href: to({ type }) })),
          ]}
        />
        , latest first
      </div>
      {log.rows.length === 0 ? (
        <EmptyState className="!px-0" title={filtered ? 'None of these' : 'Nothing was sent yet'}>
          {filtered
            ? 'Choose other words above.'
            : 'Each message leaves a line here with every attempt and what was answered, for 90 days.'}
        </EmptyState>
      ) : (
        <>
          <div className="overflow-x-auto max-md:hidden">
            <Table label="Messages" bare className="min-w-160">
              <thead>
                <tr>
                  <Th>When</Th>
                  <Th>Event</Th>
                  <Th>Endpoint</Th>
                  <Th>State</Th>
                  <Th r>Attempts</Th>
                  <Th>Last answer</Th>
                </tr>
              </thead>
              <tbody>
                {log.rows.map((line) => (
                  <tr key={line.id}>
                    <Td quiet className="num whitespace-nowrap">
                      {when(line)}
                    </Td>
                    <Td className="font-medium">
                      <Link href={`/settings/webhooks/deliveries/${line.id}`} className="hover:underline">
                        {line.type}
                      </Link>
                    </Td>
                    <Td quiet className="max-w-56 truncate" title={line.url}>
                      {line.endpointName ?? shortUrl(line.url)}
                    </Td>
                    <Td className="whitespace-nowrap">
                      <State kind={deliveryState(line).kind}>{deliveryState(line).words}</State>
                    </Td>
                    <Td r quiet>
                      {line.attempts}
                    </Td>
                    <Td quiet className="max-w-64 truncate" title={line.lastError ?? undefined}>
                      {answerWords(line)}
                    </Td>
                  </tr>
                ))}
              </tbody>
            </Table>
          </div>
          <PhoneList label="Messages">
            {log.rows.map((line) => (
              <PhoneRow
                key={line.id}
                href={`/settings/webhooks/deliveries/${line.id}`}
                name={line.type}
                status={[deliveryState(line).words, line.endpointName ?? shortUrl(line.url)].join(', ')}
                meta={when(line)}
              />
            ))}
          </PhoneList>
          <More first={paged ? to({}) : null} next={log.next && to({ after: log.next })} />
        </>
      )}
    </Section>
  );
}

function answerWords({ status, lastStatus, lastError }: DeliveryLine): string {
  if (status === 'delivered' && lastStatus !== null) return String(lastStatus);
  return lastError ?? '—';
}
