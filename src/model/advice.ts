import { type ApiError, CODE_ADVICE, lacksCredentials } from './api-error.ts';

/** Describes a failed call in sentences: what happened and, unless the message says so, what to do. */
export function explain(error: ApiError): string {
  const advice = adviceOn(error);
  return advice === undefined ? error.message : `${error.message.replace(/\.$/, '')}. ${advice}`;
}

/** What to do about a failed call; absent when its message says so already. */
export function adviceOn(error: ApiError): string | undefined {
  // Without credentials, the message names every way to provide them.
  if (lacksCredentials(error)) return undefined;
  return error.codeAdvice ? CODE_ADVICE[error.codeAdvice] : error.policy.advice;
}
