import { ButtonLink } from '@/components/ui/button';
import { Note } from '@/components/ui/surface';
import { holds } from '@/lib/auth/rights';
import { endpointsTurnedOff } from '@/lib/queries/console/webhooks';
import { reading } from '../_reading/tenant';

/** Says that a system is not told any more because it failed for days, to those who can mend it. */
export async function WebhooksOff() {
  const off = await reading(async ({ tx, organizationId, person }) =>
    holds(person.roles, 'webhooks.manage') ? endpointsTurnedOff(tx, organizationId) : [],
  );
  const [first, ...others] = off;
  if (!first) return null;
  return (
    <Note
      warn
      className="mt-5"
      action={
        <ButtonLink
          size="sm"
          href={others.length === 0 ? `/settings/webhooks/${first.id}` : '/settings/webhooks'}
        >
          Open webhooks
        </ButtonLink>
      }
    >
      {others.length === 0
        ? `Webhooks to ${new URL(first.url).host} were turned off: nothing arrived for five days.`
        : `Webhooks to ${off.length} endpoints were turned off: nothing arrived for five days.`}
    </Note>
  );
}
