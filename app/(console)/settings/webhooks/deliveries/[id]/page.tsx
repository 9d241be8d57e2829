import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import type { ReactNode } from 'react';
import { DateText } from '@/components/dates';
import { PageColumn, PageMain } from '@/components/shell/shell';
import { TopBar } from '@/components/shell/top-bar';
import { State } from '@/components/ui/state';
import { Section } from '@/components/ui/surface';
import { requirePerson } from '@/lib/auth/current';
import { holds } from '@/lib/auth/rights';
import { type AttemptLine, type DeliveryDetail, deliveryDetail } from '@/lib/queries/console/webhooks';
import { reading } from '../../../../_reading/tenant';
import { sendAgain } from '../../actions';
import { ActForm } from '../../forms';
import { WebhooksLocked } from '../../locked';
import { deliveryState, OUTCOME_WORDS, shortUrl } from '../../words';

export const metadata: Metadata = { title: 'Webhook' };

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

interface DeliveryProps {
  params: Promise<{ id: string }>;
}

export default async function DeliveryPage({ params }: DeliveryProps) {
  const person = await requirePerson();
  if (!holds(person.roles, 'webhooks.manage')) return <WebhooksLocked person={person} />;
  const { id } = await params;
  const delivery = UUID.test(id)
    ? await reading(({ tx, organizationId }) => deliveryDetail(tx, organizationId, id))
    : null;
  if (!delivery) notFound();
  const state = deliveryState(delivery);
  const moment = (instant: number) => (
    <DateText instant={instant} tz={person.timezone} style="moment" now={Date.now()} />
  );
  return (
    <PageColumn>
      <TopBar breadcrumb={[{ label: 'Webhooks', href: '/settings/webhooks' }, { label: delivery.type }]} />
      <PageMain>
        <h1 className="text-xl">{delivery.type}</h1>
        <p className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-text-2">
          <State kind={state.kind}>{state.words}</State>
          <span className="min-w-0 break-all">
            to {delivery.endpointName ?? shortUrl(delivery.url)}, made {moment(delivery.at)}
          </span>
          {delivery.nextAttemptAt !== null && delivery.attempts > 0 && (
            <span>next try {moment(delivery.nextAttemptAt)}</span>
          )}
        </p>
        <p className="mt-1 text-xs text-text-3">
          Key <span className="code break-all">{delivery.id}</span>: the same over all attempts.
        </p>
        <div className="mt-4">
          <ActForm
            action={sendAgain}
            hidden={{ delivery: id }}
            words="Send it again"
            running="Sending"
            locked={whyNot(delivery)}
          />
        </div>
        <div className="mt-6 flex gap-10 @max-4xl:flex-col @max-4xl:gap-8">
          <Section title="Attempts" aside={String(delivery.attempts)} className="min-w-0 flex-1">
            <ol className="mt-2">
              {delivery.tries.map((attempt) => (
                <AttemptRow
                  key={attempt.id}
                  attempt={attempt}
                  endpointUrl={delivery.url}
                  when={moment(attempt.at)}
                />
              ))}
              {delivery.tries.length === 0 && (
                <li className="border-t border-hair py-2 text-text-2">None yet.</li>
              )}
            </ol>
          </Section>
          <Section title="Message" className="min-w-0 flex-1">
            {delivery.body === null ? (
              <p className="mt-2 text-text-2">Messages are kept for 90 days; this one is older.</p>
            ) : (
              <Text label="Message" text={pretty(delivery.body)} />
            )}
          </Section>
        </div>
      </PageMain>
    </PageColumn>
  );
}

function whyNot({ body, endpointOff, endpointRemoved }: DeliveryDetail): string | undefined {
  if (endpointRemoved) return 'The endpoint was removed.';
  if (endpointOff) return 'The endpoint is off. Turn it on first.';
  return body === null ? 'The message is not kept any more.' : undefined;
}

interface AttemptRowProps {
  attempt: AttemptLine;
  endpointUrl: string;
  when: ReactNode;
}

function AttemptRow({ attempt, endpointUrl, when }: AttemptRowProps) {
  const good = attempt.outcome === 'delivered';
  const facts = [
    attempt.status !== null && `status ${attempt.status}`,
    `${attempt.durationMs} ms`,
    attempt.address && `from ${attempt.address}`,
    attempt.url !== endpointUrl && attempt.url !== `${endpointUrl}/` && `after redirects to ${attempt.url}`,
  ].filter(Boolean);
  return (
    <li className="border-t border-hair py-2">
      <div className="flex items-baseline gap-3">
        <State kind={good ? 'good' : 'bad'}>{OUTCOME_WORDS[attempt.outcome]}</State>
        <span className="flex-1 text-right text-xs text-text-3">{when}</span>
      </div>
      <p className="mt-0.5 text-xs break-all text-text-3">{facts.join(' · ')}</p>
      {attempt.error && <p className="mt-0.5 text-pretty text-text-2">{attempt.error}</p>}
      {attempt.answer && <Text label="Answer" text={attempt.answer} short />}
    </li>
  );
}

const MOST_LINES = 40;

/** Text of somebody's, shown as it is; what is longer scrolls inside its frame. */
function Text({ label, text, short }: { label: string; text: string; short?: boolean }) {
  return (
    <textarea
      readOnly
      aria-label={label}
      rows={Math.min(text.split('\n').length, short ? 4 : MOST_LINES)}
      defaultValue={text}
      wrap={short ? 'soft' : 'off'}
      className="code mt-2 w-full resize-none rounded-md border border-line bg-canvas p-3 text-xs"
    />
  );
}

function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
