import { explain } from '../../model/advice.ts';
import type { ApiError } from '../../model/api-error.ts';
import { visible } from '../terminal/visible-text.ts';
import type { MissingPermission } from './ram-policy.ts';

export interface Finding {
  /** `FAIL`: the exporter cannot do its job. `WARN`: it can, but something should be done. */
  readonly verdict: 'OK' | 'WARN' | 'FAIL';
  readonly text: string;
  readonly advice?: string;
  readonly missing?: MissingPermission;
  /** Whether the DNS says that the endpoint's name does not exist. */
  readonly isUnresolved?: boolean;
}

export const ok = (text: string): Finding => ({ verdict: 'OK', text });

/** The finding for a failed call. A throttled call is only a warning: the API would have answered. */
export function failed(
  subject: string,
  error: ApiError,
  options: { readonly verdict?: 'WARN' | 'FAIL'; readonly instanceId?: string } = {},
): Finding {
  const { verdict = 'FAIL', instanceId } = options;
  const { operation } = error;
  if (error.kind === 'forbidden') {
    return {
      verdict,
      text: `${subject}: ${operation} is not permitted`,
      missing: { operation, ...(instanceId !== undefined && { instanceId }) },
    };
  }
  if (error.kind === 'throttled') {
    return {
      verdict: 'WARN',
      text: `${subject}: ${operation} was throttled, also when tried again`,
      advice:
        'Another program uses up the quota of the account: make it call less, or request a higher quota.',
    };
  }
  return { verdict, text: `${subject}: ${explain(error)}` };
}

export function describeFinding({ verdict, text, advice }: Finding): string {
  const lines = [`  ${verdict.padEnd(4)}  ${visible(text)}`];
  if (advice !== undefined) lines.push(`        ${visible(advice)}`);
  return `${lines.join('\n')}\n`;
}
