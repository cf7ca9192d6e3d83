import { apiFault } from '../gateway/errors.ts';
import type { Call } from './operation.ts';

/** In Kbit/s (CreateSmartAccessGatewayClientUser page, Bandwidth). */
export const DEFAULT_BANDWIDTH = 2000;
const LEAST_BANDWIDTH = 1;
const MOST_BANDWIDTH = 20_000;

/** No page says what a mail address is; this refuses what certainly is none. */
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

/** A mail address, under the name that the operation has for it. @throws ApiFault EmailInvalid */
export function readMail({ parameters }: Call, name: 'UserMail' | 'Email'): string | undefined {
  const mail = parameters.get(name);
  if (mail !== undefined && !MAIL.test(mail)) throw apiFault('ClientUser.EmailInvalid');
  return mail;
}
