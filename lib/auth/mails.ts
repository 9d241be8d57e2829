import type { Mail } from '@/lib/adapters/mail/mail';

/** The mail that lets somebody choose a new password. */
export function passwordResetMail(given: { to: string; name: string; origin: string; token: string }): Mail {
  const link = `${given.origin}/reset/${given.token}`;
  return {
    to: given.to,
    subject: 'Choose a new password for Counterfoil',
    link,
    text: `Hello ${given.name},

choose a new password here:

${link}

The link works once, for one hour. Choosing a new password signs you out everywhere.
If you did not ask for this, you need not do anything: your password stays as it is.
`,
  };
}

/** The mail that invites somebody into an organisation. */
export function invitationMail(given: {
  to: string;
  invitedBy: string;
  organization: string;
  origin: string;
  token: string;
}): Mail {
  const link = `${given.origin}/invite/${given.token}`;
  return {
    to: given.to,
    subject: `${given.invitedBy} invites you to ${given.organization} on Counterfoil`,
    link,
    text: `Hello,

${given.invitedBy} invites you to work on ${given.organization}'s billing. Accept here:

${link}

The link works once, for seven days. If you do not know ${given.invitedBy}, you need not do anything.
`,
  };
}

/** Tells somebody that their password or second factor changed, in case it was not them. */
export function accountChangedMail(given: { to: string; name: string; what: string }): Mail {
  return {
    to: given.to,
    subject: `Your Counterfoil account: ${given.what}`,
    text: `Hello ${given.name},

${given.what}. If this was you, you need not do anything.
If it was not you, choose a new password on the sign-in page at once and tell a founder of your organisation.
`,
  };
}
