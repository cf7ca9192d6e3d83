import type { NotReady } from '../../../fleet/not-ready.ts';
import {
  type ApiError,
  type CodeAdvice,
  type DeniedKind,
  type ErrorKind,
  lacksCredentials,
} from '../../../model/api-error.ts';
import type { BatchedOperation } from '../../../model/fallback.ts';
import type { SkipCause } from '../../../model/region.ts';
import type { errors as english } from '../en/errors.ts';
import { formats } from './formats.ts';
import { parts } from './parts.ts';

const { figure, list } = formats;

const KIND_ADVICE: Readonly<Record<ErrorKind, string>> = {
  throttled: '请调小 polling.requests_per_second，或在其他程序调用较少时再试。',
  timeout: '请检查能否访问接入地址，或调大 polling.timeout。',
  network: '请检查能否访问接入地址。',
  unavailable: '请稍后再试。',
  malformed: '请重试。如果仍然失败，请检查是否有代理等程序修改了返回内容。',
  unauthenticated: '请检查该阿里云账号的访问凭据。',
  forbidden:
    '请通过 RAM 权限策略授予该操作的权限。`sag-app-exporter doctor` 会输出缺少的策略语句。',
  inactive:
    '请在智能接入网关控制台续费或激活该实例，或在配置中排除它（`exclude`）。exporter 每隔 polling.users_interval 会再次检查。',
  'not-found': '请检查配置或命令中实例的 ID 和地域。',
  unsupported: '请检查地域；如果配置了接入地址，也请检查该地址。',
  rejected: '请在 API 文档中查询该错误码。向阿里云咨询时需要提供请求 ID。',
};

const CODE_ADVICE: Readonly<Record<CodeAdvice, string>> = {
  clock: '请校准本机时钟：它与 API 的时间相差过大。',
  'user-name': '请检查客户端账号的名称。',
};

const NO_CREDENTIALS =
  '请在配置中为该阿里云账号设置 `credentials`，或通过环境变量、RAM 角色等方式提供访问凭据。';

const DENIED: Readonly<Record<DeniedKind, string>> = {
  forbidden: '没有权限',
  unsupported: '不被 API 支持',
};

const FALLBACKS: Readonly<
  Record<
    BatchedOperation,
    { readonly effect: string; readonly advice: Readonly<Record<DeniedKind, string>> }
  >
> = {
  DescribeSagOnlineClientStatistics: {
    effect: '改为不使用总数，直接分批统计在线账号；结果相同，只是无人在线的实例需要更多调用',
    advice: {
      forbidden:
        '无需处理。授予 smartag:DescribeSagOnlineClientStatistics 权限可以减少无人在线的实例的调用。',
      unsupported: '无需处理：exporter 不依赖该操作。',
    },
  },
  DescribeUserOnlineClientStatistics: {
    effect: '改为逐个查询账号；结果相同，但调用次数最多增加到 50 倍',
    advice: {
      forbidden:
        '请通过 RAM 权限策略授予 smartag:DescribeUserOnlineClientStatistics 权限；`sag-app-exporter doctor` 会输出策略语句。exporter 在每次实例发现时会重试。',
      unsupported:
        '授权无法解决此问题。`sag-app-exporter plan` 会计算逐个查询的开销；如果采集耗时过长，请调大 polling.online_interval 或 polling.requests_per_second。exporter 在每次实例发现时会重试。',
    },
  },
};

const SKIP_REASONS: Readonly<Record<SkipCause, string>> = {
  closed: '该地域已关停',
  internal: '该地域仅供内部测试',
  endpoint: '该地域的接入地址与 exporter 使用的不同',
  unresolved: '该地域的接入地址无法解析；下次实例发现时会重试',
};

export const errors: typeof english = {
  advice: (error: ApiError) => {
    if (lacksCredentials(error)) return NO_CREDENTIALS;
    return error.codeAdvice ? CODE_ADVICE[error.codeAdvice] : KIND_ADVICE[error.kind];
  },
  fallback: ({ operation, reason }) => {
    const { effect, advice } = FALLBACKS[operation];
    return { problem: `${operation} ${DENIED[reason]}`, effect, advice: advice[reason] };
  },
  skipReason: ({ cause, reason }) => (cause === undefined ? reason : SKIP_REASONS[cause]),
  notReady: (reason: NotReady): string => {
    switch (reason.kind) {
      case 'starting':
        return 'exporter 正在启动';
      case 'credentials':
        return `阿里云账号 ${reason.account}：${reason.message}`;
      case 'regions':
        return `阿里云账号 ${reason.account}：正在查询地域列表`;
      case 'discovery':
        return `阿里云账号 ${reason.account}：${reason.regionId} 的实例发现尚未完成`;
      case 'instances': {
        const { read, all, more } = reason;
        const waiting = reason.waiting.map(
          ({ instanceId, stage }) => `${instanceId}（${parts.stages[stage]}）`,
        );
        const others = more > 0 ? [`另外 ${figure(more)} 个实例`] : [];
        return `已读取 ${figure(read)} / ${figure(all)} 个实例；仍在等待 ${list([...waiting, ...others])}`;
      }
      case 'more':
        return `以及另外 ${figure(reason.reasons)} 项`;
    }
  },
};
