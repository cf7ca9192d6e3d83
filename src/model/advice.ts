import { type ApiError, type ErrorKind, lacksCredentials } from './api-error.ts';

/** What to do about a failed call, beside reading what the API said. */
const ADVICE: Readonly<Record<ErrorKind, string>> = {
  unauthenticated: 'Check the credentials of the account.',
  forbidden:
    'Permit the operation to the account (RAM policy). `sag-app-exporter doctor` prints the statement that is missing.',
  inactive:
    'Renew or activate the instance in the Smart Access Gateway console, or leave it out (`exclude`). The exporter looks at it again at each polling.users_interval.',
  'not-found': 'Check id and region of the instances that the configuration or the command names.',
  throttled: 'Lower polling.requests_per_second, or try again when less is asked.',
  timeout: 'Check that the endpoint can be reached, or raise polling.timeout.',
  network: 'Check that the endpoint can be reached.',
  unavailable: 'Try again later.',
  malformed: 'Try again; if it stays, look for something that changes replies, such as a proxy.',
  unsupported: 'Check the region, and the endpoint if one is configured.',
  rejected: 'Look the code up in the documents of the API; its support wants the request id.',
};

/** The failed call in sentences: what happened, and what to do where that is known. */
export function explain(error: ApiError): string {
  const advice = adviceOn(error);
  return advice === undefined ? error.message : `${error.message.replace(/\.$/, '')}. ${advice}`;
}

/** What to do about a failed call; absent where its message says so already. */
export function adviceOn(error: ApiError): string | undefined {
  const { code, kind } = error;
  // A signature is only good for the minutes around its time.
  if (code?.startsWith('InvalidTimeStamp')) {
    return "Set the clock of this machine: it is too far from the API's.";
  }
  // The API answers so for an invalid name as well as for a name that no user has.
  if (code === 'ClientUser.NameInvalid') return 'Check the name of the user.';
  // Where there are none, the message names every way to give some.
  return lacksCredentials(error) ? undefined : ADVICE[kind];
}
