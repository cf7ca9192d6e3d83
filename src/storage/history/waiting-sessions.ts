import type { EndedSessions } from '../../fleet/fleet.ts';
import type { UserSession } from '../../model/session.ts';
import { type EndedSession, endedSessionOf, type ShownName, timeText } from './ended-session.ts';

interface WaitingSession {
  readonly ended: Pick<EndedSessions, 'id' | 'endedAt'>;
  readonly session: UserSession;
}

/** Sessions that will not be written. */
export interface Loss {
  readonly sessions: number;
  /** RFC 3339 in UTC: when the first and the last of them ended. */
  readonly from: string;
  readonly to: string;
}

/** Ended sessions that are not on disk yet, in the order of their ends. */
export class WaitingSessions {
  readonly #most: number;
  #sessions: WaitingSession[] = [];
  #lost: { sessions: number; from: number; to: number } | undefined;

  /** @param most sessions for which there is room; further sessions are lost */
  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#sessions.length;
  }

  add({ id, sessions, endedAt }: EndedSessions): void {
    const ended = { id, endedAt };
    for (const session of sessions) {
      if (this.#sessions.length < this.#most) this.#sessions.push({ ended, session });
      else this.#lose(endedAt);
    }
  }

  /** The first sessions as they are written; they go on waiting. */
  first(count: number, shownName: ShownName): readonly EndedSession[] {
    return this.#sessions
      .slice(0, count)
      .map(({ ended, session }) => endedSessionOf(ended, session, shownName));
  }

  removeFirst(count: number): void {
    this.#sessions.splice(0, count);
  }

  loseAll(): void {
    for (const { ended } of this.#sessions) this.#lose(ended.endedAt);
    this.#sessions = [];
  }

  get hasLost(): boolean {
    return this.#lost !== undefined;
  }

  /** What was lost since the last call; undefined when nothing was. */
  takeLoss(): Loss | undefined {
    const lost = this.#lost;
    this.#lost = undefined;
    return lost && { ...lost, from: timeText(lost.from), to: timeText(lost.to) };
  }

  #lose(endedAt: number): void {
    this.#lost ??= { sessions: 0, from: endedAt, to: endedAt };
    this.#lost.sessions++;
    this.#lost.to = endedAt;
  }
}
