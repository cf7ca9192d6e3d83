import { apiFault } from '../gateway/errors.ts';
import type { Call } from './operation.ts';

/** Default bandwidth of a user in Kbit/s (CreateSmartAccessGatewayClientUser page, Bandwidth). */
export const DEFAULT_BANDWIDTH = 2000;
const LEAST_BANDWIDTH = 1;
const MOST_BANDWIDTH = 20_000;

/** No page defines a mail address. This pattern refuses only texts that certainly are not one. */
export const MAIL = /^[^\s@]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$/;

/** Bandwidth in Kbit/s. @throws ApiFault BandwidthInvalid */
export function readBandwidth({ parameters }: Call): number | undefined {
  const text = parameters.get('Bandwidth');
  if (text === undefined) return undefined;
  const bandwidth = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (!(bandwidth >= LEAST_BANDWIDTH && bandwidth <= MOST_BANDWIDTH)) {
    throw apiFault('ClientUser.BandwidthInvalid');
  }
  return bandwidth;
}

/** @param name the operation's parameter for the mail address @throws ApiFault EmailInvalid */
export function readMail({ parameters }: Call, name: 'UserMail' | 'Email'): string | undefined {
  const mail = parameters.get(name);
  if (mail !== undefined && !MAIL.test(mail)) throw apiFault('ClientUser.EmailInvalid');
  return mail;
}
