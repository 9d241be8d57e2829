import type { Metadata } from 'next';
import { formatInstant } from '@/components/format-date';
import { PageColumn, PageMain } from '@/components/shell/shell';
import { TopBar } from '@/components/shell/top-bar';
import { Button, ButtonLink } from '@/components/ui/button';
import { SelectField, TextField } from '@/components/ui/field';
import { PhoneList, PhoneRow, Table, Td, Th } from '@/components/ui/table';
import { EmptyState, LockedState } from '@/components/ui/waiting';
import { listApiKeys } from '@/lib/auth/api-keys';
import { requirePerson } from '@/lib/auth/current';
import { holds, ROLE_NAMES, whoMay } from '@/lib/auth/rights';
import type { LoggedRequest } from '@/lib/queries/api/api-logs';
import { apiLog } from '@/lib/queries/console/api-log';
import { oneOf, only, withWords } from '../../_list/address';
import { More } from '../../_list/more';
import { reading } from '../../_reading/tenant';
import { settingsTabs } from '../tabs';

export const metadata: Metadata = { title: 'API log' };

const OUTCOMES = ['all', 'refused', 'done'] as const;
const SPANS = ['ever', 'hour', 'day', 'week'] as const;
const HOUR = 3_600_000;
const SPAN_MS = { hour: HOUR, day: 24 * HOUR, week: 7 * 24 * HOUR } as const;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

interface ApiLogProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function ApiLogPage({ searchParams }: ApiLogProps) {
  const person = await requirePerson();
  if (!holds(person.roles, 'api_keys.manage')) {
    return (
      <PageColumn>
        <TopBar title="Settings" tabs={settingsTabs('api-log')} />
        <PageMain>
          <LockedState
            title={`The API log is for ${whoMay('api_keys.manage')}`}
            actions={<ButtonLink href="/settings/account">Open your account</ButtonLink>}
          >
            Your role is {person.roles.map((role) => ROLE_NAMES[role]).join(', ')}. A founder can let you in
            under Team and limits.
          </LockedState>
        </PageMain>
      </PageColumn>
    );
  }
  const words = await searchParams;
  const outcome = oneOf(OUTCOMES, only(words.outcome));
  const span = oneOf(SPANS, only(words.span));
  const text = only(words.q)?.slice(0, 200);
  const asked = only(words.key);
  const key = asked && UUID.test(asked) ? asked : undefined;
  const after = only(words.after);
  const wallClock = Date.now();
  const filter = {
    outcome: outcome === 'all' ? undefined : outcome,
    text,
    apiKeyId: key,
    since: span === 'ever' ? undefined : wallClock - SPAN_MS[span],
  };
  const { rows, next, keys } = await reading(async ({ tx, organizationId }) => ({
    ...(await apiLog(tx, organizationId, filter, after)),
    keys: await listApiKeys(tx, organizationId),
  }));
  const chosen = { outcome: filter.outcome, span: span === 'ever' ? undefined : span, q: text, key };
  const isFiltered = Object.values(chosen).some(Boolean);
  const to = (change: Record<string, string | null>) => withWords('/settings/api-log', chosen, change);
  const when = (row: LoggedRequest) => formatInstant(row.at, person.timezone, 'moment', wallClock);
  return (
    <PageColumn>
      <TopBar title="Settings" tabs={settingsTabs('api-log')} />
      <PageMain>
        <h2 className="text-xl">API log</h2>
        <p className="mt-1 max-w-160 text-base text-pretty text-text-2">
          What programs asked of the API and what refused calls were told. Bodies are not kept. Events that
          were taken are not listed here: they are their own record.
        </p>
        <form className="mt-5 flex flex-wrap items-end gap-3" action="/settings/api-log">
          <TextField
            name="q"
            label="Path or request id"
            defaultValue={text}
            className="min-w-56 flex-1"
            maxLength={200}
          />
          <SelectField name="outcome" label="Outcome" defaultValue={outcome}>
            <option value="all">All calls</option>
            <option value="refused">Refused</option>
            <option value="done">Done</option>
          </SelectField>
          <SelectField name="key" label="Key" defaultValue={key ?? ''}>
            <option value="">Every key</option>
            {keys.map(({ id, name, lastFour }) => (
              <option key={id} value={id}>{`${name} …${lastFour}`}</option>
            ))}
          </SelectField>
          <SelectField name="span" label="Since" defaultValue={span}>
            <option value="ever">The beginning</option>
            <option value="hour">An hour ago</option>
            <option value="day">A day ago</option>
            <option value="week">A week ago</option>
          </SelectField>
          <Button type="submit">Show</Button>
        </form>
        {rows.length === 0 ? (
          <EmptyState
            title={isFiltered ? 'No call like this' : 'No call yet'}
            actions={isFiltered && <ButtonLink href="/settings/api-log">Show every call</ButtonLink>}
          >
            {isFiltered
              ? 'Take something off the filter, or look further back.'
              : 'As soon as a program calls the API, its calls stand here.'}
          </EmptyState>
        ) : (
          <>
            <div className="mt-5 flex-none overflow-x-auto max-md:hidden">
              <Table label="API calls" bare className="min-w-200">
                <thead>
                  <tr>
                    <Th>When</Th>
                    <Th>Call</Th>
                    <Th>Status</Th>
                    <Th>Told</Th>
                    <Th>Key</Th>
                    <Th r>Took</Th>
                  </tr>
                </thead>
                <tbody>
                  {rows.map((row) => (
                    <tr key={row.id}>
                      <Td quiet className="num">
                        {when(row)}
                      </Td>
                      <Td
                        className="max-w-80 truncate"
                        title={`${row.method} ${row.path} (${row.requestId})`}
                      >
                        <span className="code">{`${row.method} ${shortPath(row)}`}</span>
                      </Td>
                      <Td className={`num ${row.status >= 400 ? 'font-medium' : ''}`}>{row.status}</Td>
                      <Td quiet className="max-w-72 truncate" title={told(row)}>
                        {told(row) || '—'}
                      </Td>
                      <Td quiet>{keyWords(row)}</Td>
                      <Td r quiet>{`${row.durationMs} ms`}</Td>
                    </tr>
                  ))}
                </tbody>
              </Table>
            </div>
            <div className="mt-5 md:hidden">
              <PhoneList label="API calls">
                {rows.map((row) => (
                  <PhoneRow
                    key={row.id}
                    name={`${row.method} ${shortPath(row)}`}
                    figure={row.status}
                    status={[told(row), keyWords(row)].filter(Boolean).join(', ')}
                    meta={when(row)}
                  />
                ))}
              </PhoneList>
            </div>
            <More first={after ? to({}) : null} next={next && to({ after: next })} />
          </>
        )}
      </PageMain>
    </PageColumn>
  );
}

const shortPath = ({ path }: LoggedRequest): string => path.replace(/^\/api\/v1/, '');

const keyWords = ({ keyName, keyLastFour }: LoggedRequest): string =>
  keyName ? `${keyName} …${keyLastFour ?? ''}` : '—';

/** What a refused call was told: its sentence, else its code with the fields. */
function told({ error }: LoggedRequest): string {
  if (!error) return '';
  if (typeof error.message === 'string') return error.message;
  const code = String(error.code ?? error.error ?? '');
  const fields = Object.entries(error.error_details ?? {}).map(
    ([field, codes]) => `${field} ${Array.isArray(codes) ? codes.join(' and ') : JSON.stringify(codes)}`,
  );
  return fields.length === 0 ? code : `${code}: ${fields.join(', ')}`;
}
