import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { DateText, RelativeTime } from '@/components/dates';
import { PageColumn, PageMain } from '@/components/shell/shell';
import { TopBar } from '@/components/shell/top-bar';
import { ButtonLink } from '@/components/ui/button';
import { CopyButton } from '@/components/ui/copy-button';
import { State } from '@/components/ui/state';
import { Card, Note, Section } from '@/components/ui/surface';
import { requirePerson } from '@/lib/auth/current';
import { holds } from '@/lib/auth/rights';
import { type EndpointLine, endpointLines, organizationPublicKey } from '@/lib/queries/console/webhooks';
import { CAUSED_TYPES } from '@/lib/schedule/webhooks/catalogue';
import { reading } from '../../../_reading/tenant';
import { removeEndpoint, turn } from '../actions';
import { ActForm, ChangeEndpointForm, ReplayForm, RotateForm } from '../forms';
import { WebhooksLocked } from '../locked';
import { endpointState, shortUrl } from '../words';

export const metadata: Metadata = { title: 'Webhook endpoint' };

interface EndpointProps {
  params: Promise<{ id: string }>;
}

export default async function EndpointPage({ params }: EndpointProps) {
  const person = await requirePerson();
  if (!holds(person.roles, 'webhooks.manage')) return <WebhooksLocked person={person} />;
  const { id } = await params;
  const { endpoint, publicKey } = await reading(async ({ tx, organizationId }) => ({
    endpoint: (await endpointLines(tx, organizationId)).find((line) => line.id === id),
    publicKey: await organizationPublicKey(tx, organizationId),
  }));
  if (!endpoint) notFound();
  const state = endpointState(endpoint);
  const off = endpoint.disabledAt !== null;
  return (
    <PageColumn>
      <TopBar
        breadcrumb={[
          { label: 'Webhooks', href: '/settings/webhooks' },
          { label: endpoint.name ?? shortUrl(endpoint.url) },
        ]}
        actions={<ButtonLink href={`/settings/webhooks?endpoint=${id}`}>What was sent</ButtonLink>}
      />
      <PageMain>
        <h1 className="text-xl break-all">{endpoint.name ?? shortUrl(endpoint.url)}</h1>
        <p className="mt-1">
          <State kind={state.kind}>{state.words}</State>
        </p>
        <Standing endpoint={endpoint} timezone={person.timezone} />
        <div className="mt-6 flex gap-10 @max-4xl:flex-col @max-4xl:gap-8">
          <div className="min-w-0 flex-1 space-y-8">
            <Section title="Where and what">
              <div className="mt-3">
                <ChangeEndpointForm endpoint={endpoint} types={CAUSED_TYPES} />
              </div>
            </Section>
            {endpoint.algo === 'jwt' && publicKey && (
              <Section title="Public key">
                <p className="mt-1 max-w-120 text-text-2">
                  Messages carry a token signed with RS256 in <span className="code">X-Lago-Signature</span>.
                  Check it with this key, or fetch it from{' '}
                  <span className="code">/api/v1/webhooks/public_key</span>.
                </p>
                <textarea
                  readOnly
                  aria-label="Public key"
                  rows={9}
                  defaultValue={publicKey}
                  wrap="off"
                  className="code mt-2 w-full max-w-140 resize-none rounded-md border border-line bg-canvas p-3 text-xs"
                />
                <CopyButton size="sm" className="mt-2" text={publicKey}>
                  Copy the public key
                </CopyButton>
              </Section>
            )}
          </div>
          <div className="w-76 flex-none space-y-4 @max-4xl:w-full">
            <Card label="Signing secret">
              <h2 className="mb-1 tracking-normal">Signing secret</h2>
              <p className="mb-3 text-xs text-pretty text-text-3">
                {endpoint.previousUntil === null ? (
                  'One secret signs. A new one is shown once; the previous one goes on beside it for a while.'
                ) : (
                  <>
                    Two secrets sign until{' '}
                    <DateText
                      instant={endpoint.previousUntil}
                      tz={person.timezone}
                      style="moment"
                      now={Date.now()}
                    />
                    .
                  </>
                )}
              </p>
              <RotateForm endpointId={id} />
            </Card>
            <Card label="Replay">
              <h2 className="mb-3 tracking-normal">Send again what happened</h2>
              <ReplayForm endpointId={id} locked={off ? 'Turn it on first.' : null} />
            </Card>
            <Card label="Turn off or remove">
              <h2 className="mb-1 tracking-normal">{off ? 'Turn on or remove' : 'Turn off or remove'}</h2>
              <p className="mb-3 text-xs text-pretty text-text-3">
                Off, messages are kept and can be replayed. Removed, they are not made any more.
              </p>
              <div className="flex flex-wrap gap-2">
                <ActForm
                  action={turn}
                  hidden={{ endpoint: id, on: off ? 'yes' : 'no' }}
                  words={off ? 'Turn it on' : 'Turn it off'}
                  running="Turning it"
                />
                <ActForm
                  action={removeEndpoint}
                  hidden={{ endpoint: id }}
                  words="Remove it"
                  running="Removing it"
                  tone="quiet"
                />
              </div>
            </Card>
          </div>
        </div>
      </PageMain>
    </PageColumn>
  );
}

/** Why it is off or since when it fails, and what that means. */
function Standing({ endpoint, timezone }: { endpoint: EndpointLine; timezone: string }) {
  const now = Date.now();
  const { disabledAt, disabledBy, failingSince, paused } = endpoint;
  if (disabledAt !== null) {
    const since = <RelativeTime instant={disabledAt} now={now} tz={timezone} />;
    return (
      <Note warn={disabledBy === 'failures'} className="mt-4 max-w-160">
        {disabledBy === 'failures'
          ? 'It took nothing for five days and was turned off '
          : 'It was turned off '}
        {since}. {paused === 1 ? 'One message waits' : `${paused} messages wait`}: turn it on, then replay.
      </Note>
    );
  }
  if (failingSince === null) return null;
  return (
    <Note warn className="mt-4 max-w-160">
      Nothing has arrived since it began to fail{' '}
      <RelativeTime instant={failingSince} now={now} tz={timezone} />. Tries go on by themselves; after five
      days it is turned off.
    </Note>
  );
}
