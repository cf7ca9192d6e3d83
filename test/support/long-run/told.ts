import { describeSagOnlineClientStatistics } from '../../../src/smartag/operations/describe-sag-online-client-statistics.ts';
import { describeSmartAccessGatewayClientUsers } from '../../../src/smartag/operations/describe-smart-access-gateway-client-users.ts';
import { describeUserOnlineClientStatistics } from '../../../src/smartag/operations/describe-user-online-client-statistics.ts';
import { describeUserOnlineClients } from '../../../src/smartag/operations/describe-user-online-clients.ts';
import type { AnsweredCall } from '../in-memory-client.ts';

/** When the API told what: the moments it looked at its world for an answer that arrived. */
export class Told {
  readonly #moments = new Map<string, number[]>();
  readonly #leavesOutOffline: boolean;

  /** @param leavesOutOffline whether statistics leave out users who are offline: that tells of them too */
  constructor(leavesOutOffline = false) {
    this.#leavesOutOffline = leavesOutOffline;
  }

  /** Takes in an answer. */
  note({ subject, at, body }: AnsweredCall): void {
    const { operation, instanceIds, userNames } = subject;
    const [instanceId = ''] = instanceIds;
    switch (operation) {
      case describeSmartAccessGatewayClientUsers.name:
        this.#add(['list', instanceId], at);
        break;
      case describeUserOnlineClients.name:
        for (const name of userNames) {
          this.#add(['sessions', instanceId, name], at);
          this.#add(['count', instanceId, name], at);
        }
        break;
      case describeUserOnlineClientStatistics.name:
        for (const name of this.#leavesOutOffline
          ? userNames
          : describeUserOnlineClientStatistics.reply.parse(JSON.parse(body)).keys())
          this.#add(['count', instanceId, name], at);
        break;
      case describeSagOnlineClientStatistics.name:
        for (const [id, total] of describeSagOnlineClientStatistics.reply.parse(JSON.parse(body)))
          if (total === 0) this.#add(['nobody', id], at);
        break;
    }
  }

  /** Whether a page of the users came between two moments. */
  list(instanceId: string, from: number, to: number): boolean {
    return this.#between(['list', instanceId], from, to);
  }

  /** Whether a user's number of clients was told, or that nobody of the instance has any. */
  count(instanceId: string, userName: string, from: number, to: number): boolean {
    return (
      this.#between(['count', instanceId, userName], from, to) ||
      this.#between(['nobody', instanceId], from, to)
    );
  }

  sessions(instanceId: string, userName: string, from: number, to: number): boolean {
    return this.#between(['sessions', instanceId, userName], from, to);
  }

  #add(what: readonly string[], at: number): void {
    const key = what.join('\n');
    const moments = this.#moments.get(key);
    if (moments) moments.push(at);
    else this.#moments.set(key, [at]);
  }

  #between(what: readonly string[], from: number, to: number): boolean {
    const moments = this.#moments.get(what.join('\n')) ?? [];
    // Answers may arrive in another order than that in which the API looked at its world.
    return moments.findLast((at) => at >= from && at <= to) !== undefined;
  }
}
