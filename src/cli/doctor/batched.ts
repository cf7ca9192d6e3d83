import type { ApiError } from '../../model/api-error.ts';
import { fallbackTexts } from '../../model/fallback.ts';
import { fallbackReason } from '../../poll/fallbacks.ts';
import { type Finding, failed, ok } from './finding.ts';

/** The finding when totals are missing. That is harmless, since every strategy works without them. */
export function totalsMissing(instanceId: string, error: ApiError): Finding {
  const operation = 'DescribeSagOnlineClientStatistics';
  const subject = `${instanceId}: total`;
  const reason = fallbackReason(error);
  if (!reason) return failed(subject, error, { verdict: 'WARN', instanceId });
  const { problem, effect, advice } = fallbackTexts({ operation, reason });
  return {
    ...ok(`${subject}: ${problem}`),
    advice: `Harmless: ${effect}. ${advice}`,
    ...(reason === 'forbidden' && { missing: { operation } }),
  };
}

/** The finding when counts are missing: `auto` then falls back to fan-out, and `batched` fails. */
export function countsMissing(
  instanceId: string,
  error: ApiError,
  strategy: 'auto' | 'batched',
): Finding {
  const operation = 'DescribeUserOnlineClientStatistics';
  const subject = `${instanceId}: counts`;
  const isAuto = strategy === 'auto';
  const verdict = isAuto ? 'WARN' : 'FAIL';
  const reason = fallbackReason(error);
  if (!reason) return failed(subject, error, { verdict, instanceId });
  const { problem, effect, advice } = fallbackTexts({ operation, reason });
  return {
    verdict,
    text: `${subject}: ${problem}`,
    advice: isAuto
      ? `Without it ${effect}. ${advice}`
      : `${reason === 'forbidden' ? 'Permit it, or set' : 'Set'} polling.strategy to auto.`,
    ...(reason === 'forbidden' && { missing: { operation, instanceId } }),
  };
}
