import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { FieldForm, type FieldSpec } from '@/components/forms/field-form';
import { ButtonLink } from '@/components/ui/button';
import { databases } from '@/db/process';
import { withSystem } from '@/db/tenancy';
import { currentPerson } from '@/lib/auth/current';
import { isFirstOrganization } from '@/lib/auth/organizations';
import { holds, whoMay } from '@/lib/auth/rights';
import { setupTokenRequired } from '@/lib/auth/setup-token';
import { createAnother, createFirst } from './actions';
import { countryOptions, currencyOptions, timezoneOptions } from './places';

export const metadata: Metadata = { title: 'A new organisation' };

const organizationFields = (): FieldSpec[] => [
  {
    name: 'organization',
    label: 'Organisation',
    autoComplete: 'organization',
    autoFocus: true,
    maxLength: 120,
    hint: 'As it stands on your invoices. The legal name can follow.',
  },
  { name: 'currency', label: 'Currency', options: currencyOptions(), defaultValue: 'USD' },
  {
    name: 'timezone',
    label: 'Time zone',
    options: timezoneOptions(),
    defaultValue: 'UTC',
    fromBrowser: 'timezone',
    hint: 'Bills begin and end at its midnight, unless a customer has another.',
  },
  {
    name: 'country',
    label: 'Country',
    options: [{ value: '', label: 'Not said' }, ...countryOptions()],
    optional: true,
  },
];

/** Asked for wherever a stranger could be the first to come. */
const tokenField = (given: string | string[] | undefined): FieldSpec[] =>
  setupTokenRequired()
    ? [
        {
          name: 'token',
          label: 'Setup token',
          autoComplete: 'off',
          autoFocus: !given,
          maxLength: 64,
          defaultValue: typeof given === 'string' ? given : undefined,
          hint: 'The server wrote it into its log when it started: proof that this server is yours.',
        },
      ]
    : [];

const FOUNDER_FIELDS: FieldSpec[] = [
  { name: 'name', label: 'Your name', autoComplete: 'name', maxLength: 120 },
  { name: 'email', label: 'Your work email', type: 'email', inputMode: 'email', autoComplete: 'username' },
  {
    name: 'password',
    label: 'Choose a password',
    type: 'password',
    autoComplete: 'new-password',
    hint: 'At least 8 characters, 12 or more is better. A few words in a row work well.',
  },
];

interface WelcomeProps {
  searchParams: Promise<{ token?: string | string[] }>;
}

export default async function WelcomePage({ searchParams }: WelcomeProps) {
  const { token } = await searchParams;
  const first = await withSystem(databases(), isFirstOrganization);
  if (first) {
    return (
      <>
        <h1 className="text-xl">Welcome</h1>
        <p className="mt-1 text-base text-pretty text-text-2">
          This server has no organisation yet. You make the first one and are its founder.
        </p>
        <FieldForm
          action={createFirst}
          tall
          className="mt-7"
          submit="Create the organisation"
          running="Creating it"
          fields={[...tokenField(token), ...organizationFields(), ...FOUNDER_FIELDS]}
        />
      </>
    );
  }
  const person = await currentPerson();
  if (!person) redirect('/sign-in?next=/welcome');
  if (!holds(person.roles, 'organisation.create')) {
    return (
      <>
        <h1 className="text-xl">A new organisation</h1>
        <p className="mt-1 mb-7 text-base text-pretty text-text-2">
          Your role does not allow this. {whoMay('organisation.create')} of {person.organization.name} may do
          it.
        </p>
        <ButtonLink href="/" size="lg" className="w-full">
          Back to {person.organization.name}
        </ButtonLink>
      </>
    );
  }
  return (
    <>
      <h1 className="text-xl">A new organisation</h1>
      <p className="mt-1 text-base text-pretty text-text-2">
        You are its founder. {person.organization.name} stays as it is; you change between the two by its
        name.
      </p>
      <FieldForm
        action={createAnother}
        tall
        className="mt-7"
        submit="Create the organisation"
        running="Creating it"
        fields={organizationFields()}
      />
    </>
  );
}
