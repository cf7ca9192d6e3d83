import { apiFault } from '../gateway/errors.ts';
import { list } from '../gateway/write-reply.ts';
import type { Instance } from '../world/instance.ts';
import type { Call, Operation } from './operation.ts';
import { batch, findInstance, requiredRegion } from './required.ts';

/**
 * The number of connected clients of up to 50 instances. Without ids it counts all APP instances of the
 * region: the parameter is optional, and the page does not say how the API answers without it.
 */
export const describeSagOnlineClientStatistics: Operation = {
  name: 'DescribeSagOnlineClientStatistics',
  errors: {
    'InvalidId.SMARTAG': 'One of SmartAGIds.N is not a SAG APP instance of that region.',
  },
  answer(call) {
    const { quirks, requestId } = call;
    if (quirks.totals === 'gone') throw apiFault('InvalidApi.NotFound');
    const regionId = requiredRegion(call);
    const ids = batch(call, 'SmartAGIds');
    const instances =
      ids.length > 0
        ? ids.map((id) => {
            const instance = findInstance(call, regionId, id);
            if (instance === undefined) throw apiFault('InvalidId.SMARTAG');
            return instance;
          })
        : all(call, regionId);
    const statistics = instances.map(({ id, sessionCount }) => {
      const count = quirks.totals === 'zero' ? 0 : sessionCount;
      return { SmartAGId: id, OnlineCount: quirks.countsAsNumbers ? count : String(count) };
    });
    return {
      RequestId: requestId,
      ...list(quirks, 'SagStatistics', quirks.statisticsKey, statistics),
    };
  },
};

function all({ world, quirks }: Call, regionId: string): readonly Instance[] {
  if (quirks.totalsWithoutIds === 'none') return [];
  return world
    .instances()
    .filter(({ details }) => details.regionId === regionId && details.type === 'software');
}
