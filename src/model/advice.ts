import { type ApiError, lacksCredentials } from './api-error.ts';

/** The failed call in sentences: what happened, and what to do where that is known. */
export function explain(error: ApiError): string {
  const advice = adviceOn(error);
  return advice === undefined ? error.message : `${error.message.replace(/\.$/, '')}. ${advice}`;
}

/** What to do about a failed call; absent where its message says so already. */
export function adviceOn(error: ApiError): string | undefined {
  // Without credentials, the message names every way to give some.
  return lacksCredentials(error) ? undefined : (error.codeAdvice ?? error.policy.advice);
}
