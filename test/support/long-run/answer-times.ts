import { describeSagOnlineClientStatistics } from '../../../src/smartag/operations/describe-sag-online-client-statistics.ts';
import { describeSmartAccessGatewayClientUsers } from '../../../src/smartag/operations/describe-smart-access-gateway-client-users.ts';
import { describeUserOnlineClientStatistics } from '../../../src/smartag/operations/describe-user-online-client-statistics.ts';
import { describeUserOnlineClients } from '../../../src/smartag/operations/describe-user-online-clients.ts';
import type { AnsweredCall } from '../in-memory-client.ts';

/** The times at which the API read its world for each answer that arrived. */
export class AnswerTimes {
  /** The times, in seconds since the epoch, by the kind of answer and its subject. */
  readonly #times = new Map<string, number[]>();
  readonly #leavesOutOffline: boolean;

  /** @param leavesOutOffline whether statistics omit offline users, so that an omission shows that a user is offline */
  constructor(leavesOutOffline = false) {
    this.#leavesOutOffline = leavesOutOffline;
  }

  record({ subject, at, body }: AnsweredCall): void {
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
          if (total === 0) this.#add(['nobody online', id], at);
        break;
    }
  }

  /** Whether a page of the list of users was read between two times. */
  listWasRead(instanceId: string, from: number, to: number): boolean {
    return this.#between(['list', instanceId], from, to);
  }

  /** Whether an answer gave the user's number of clients, or showed that no user of the instance is online. */
  countWasGiven(instanceId: string, userName: string, from: number, to: number): boolean {
    return (
      this.#between(['count', instanceId, userName], from, to) ||
      this.#between(['nobody online', instanceId], from, to)
    );
  }

  sessionsWereRead(instanceId: string, userName: string, from: number, to: number): boolean {
    return this.#between(['sessions', instanceId, userName], from, to);
  }

  #add(subject: readonly string[], at: number): void {
    const key = subject.join('\n');
    const times = this.#times.get(key);
    if (times) times.push(at);
    else this.#times.set(key, [at]);
  }

  #between(subject: readonly string[], from: number, to: number): boolean {
    const times = this.#times.get(subject.join('\n')) ?? [];
    // Answers may arrive in another order than that in which the API read its world.
    return times.findLast((at) => at >= from && at <= to) !== undefined;
  }
}
