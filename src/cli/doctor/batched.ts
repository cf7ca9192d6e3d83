import type { ApiError } from '../../model/api-error.ts';
import { fallbackTexts } from '../../model/fallback.ts';
import { fallbackReason } from '../../poll/fallbacks.ts';
import { type Finding, failed, ok } from './finding.ts';

/** No strategy needs totals, so their lack is harmless. */
export function totalsMissing(instanceId: string, error: ApiError): Finding {
  const operation = 'DescribeSagOnlineClientStatistics';
  const what = `${instanceId}: total`;
  const reason = fallbackReason(error);
  if (!reason) return failed(what, error, { verdict: 'WARN', instanceId });
  const { problem, effect, advice } = fallbackTexts({ operation, reason });
  return {
    ...ok(`${what}: ${problem}`),
    advice: `Harmless: ${effect}. ${advice}`,
    ...(reason === 'forbidden' && { missing: { operation } }),
  };
}

/** Without counts `auto` asks users one by one, and `batched` cannot tell who is online. */
export function countsMissing(
  instanceId: string,
  error: ApiError,
  strategy: 'auto' | 'batched',
): Finding {
  const operation = 'DescribeUserOnlineClientStatistics';
  const what = `${instanceId}: counts`;
  const isAuto = strategy === 'auto';
  const verdict = isAuto ? 'WARN' : 'FAIL';
  const reason = fallbackReason(error);
  if (!reason) return failed(what, error, { verdict, instanceId });
  const { problem, effect, advice } = fallbackTexts({ operation, reason });
  return {
    verdict,
    text: `${what}: ${problem}`,
    advice: isAuto
      ? `Without it ${effect}. ${advice}`
      : `${reason === 'forbidden' ? 'Permit it, or set' : 'Set'} polling.strategy to auto.`,
    ...(reason === 'forbidden' && { missing: { operation, instanceId } }),
  };
}
