import { explain } from '../../model/advice.ts';
import type { ApiError } from '../../model/api-error.ts';
import { visible } from '../terminal/visible-text.ts';
import type { Missing } from './ram-policy.ts';

/** One thing doctor has looked at. */
export interface Finding {
  /** `FAIL`: the exporter cannot do its job so; `WARN`: it can, but something should be done. */
  readonly verdict: 'OK' | 'WARN' | 'FAIL';
  readonly text: string;
  /** What to do. */
  readonly advice?: string;
  /** A permission whose lack this is. */
  readonly missing?: Missing;
  /** Whether the name of an endpoint does not resolve. */
  readonly isUnresolved?: boolean;
}

export const ok = (text: string): Finding => ({ verdict: 'OK', text });

/** A call that failed; throttled ones show that the API could be asked at all. */
export function failed(
  what: string,
  error: ApiError,
  options: { readonly verdict?: 'WARN' | 'FAIL'; readonly instanceId?: string } = {},
): Finding {
  const { verdict = 'FAIL', instanceId } = options;
  const { operation } = error;
  if (error.kind === 'forbidden') {
    return {
      verdict,
      text: `${what}: ${operation} is not permitted`,
      missing: { operation, ...(instanceId !== undefined && { instanceId }) },
    };
  }
  if (error.kind === 'throttled') {
    return {
      verdict: 'WARN',
      text: `${what}: ${operation} was refused for flow control, also when tried again`,
      advice: 'Something else uses up the quota of the account: ask less, or have it raised.',
    };
  }
  return { verdict, text: `${what}: ${explain(error)}` };
}

/** The lines of a finding. */
export function describeFinding({ verdict, text, advice }: Finding): string {
  const lines = [`  ${verdict.padEnd(4)}  ${visible(text)}`];
  if (advice !== undefined) lines.push(`        ${visible(advice)}`);
  return `${lines.join('\n')}\n`;
}
