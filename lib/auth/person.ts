import type { OrganizationSettings, Role } from '@/db/schema';

/** The organisation a person is looking at. */
export interface PersonOrganization {
  id: string;
  name: string;
  slug: string;
  mode: 'live' | 'sandbox' | 'history';
  settings: OrganizationSettings;
}

/** Somebody signed in, as a member of one organisation. Made from the session row on every use, never from a token. */
export interface Person {
  userId: string;
  sessionId: string;
  organizationId: string;
  name: string;
  email: string;
  title: string | null;
  roles: Role[];
  /** The person's own IANA zone. */
  timezone: string;
  organization: PersonOrganization;
}
