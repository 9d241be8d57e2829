/** Signed in, but not allowed. A handler answers 403. `whoMay` names the roles that may. */
export class Forbidden extends Error {
  override name = 'Forbidden';
  constructor(
    readonly right: string,
    readonly whoMay: string,
  ) {
    super(`Your role does not allow this. ${whoMay} may do it.`);
  }
}

/** Something about people was refused; the message says how to mend it. */
export class Refused extends Error {
  override name = 'Refused';
  constructor(
    readonly field: string | null,
    message: string,
  ) {
    super(message);
  }
}
