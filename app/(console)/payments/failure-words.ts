const WORDS: Record<string, string> = {
  card_declined: 'The bank refused the card',
  insufficient_funds: 'Not enough money',
  expired_card: 'The card has expired',
  authentication_required: 'The customer must confirm with their bank',
  processing_error: 'The bank could not be reached',
};

/** Why a payment failed, in words; an unknown code is made readable. */
export function failureWords(code: string): string {
  const known = WORDS[code];
  if (known) return known;
  const words = code.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
