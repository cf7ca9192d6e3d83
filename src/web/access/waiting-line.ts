import type { Lifetime } from '../../http/lifetime.ts';

interface Task<Result> {
  readonly run: () => Promise<Result>;
  /** Lifetimes of the requests that wait for the task. */
  readonly owners: Set<Lifetime>;
  readonly resolve: (result: Promise<Result> | undefined) => void;
  readonly outcome: Promise<Result | undefined>;
}

/**
 * Runs tasks one at a time, in the order in which they were requested. Requests for the same task share it. A
 * task leaves the line when every request that waits for it is over.
 */
export class WaitingLine<Result> {
  /** The running task and the waiting tasks, by key. The first one is running. */
  readonly #tasks = new Map<string, Task<Result>>();
  readonly #waiting: string[] = [];
  #isRunning = false;

  /** The number of waiting tasks. The running task is not counted. */
  get length(): number {
    return this.#waiting.length;
  }

  has(key: string): boolean {
    return this.#tasks.has(key);
  }

  /**
   * Adds a task, or joins the task that has the same key. Resolves with its result, or with undefined when the
   * task has left the line.
   */
  async wait(
    key: string,
    owner: Lifetime,
    run: () => Promise<Result>,
  ): Promise<Result | undefined> {
    const task = this.#tasks.get(key) ?? this.#add(key, run);
    task.owners.add(owner);
    const withdraw = owner.onEnd(() => this.#leave(key, task, owner));
    return task.outcome.finally(withdraw);
  }

  #add(key: string, run: () => Promise<Result>): Task<Result> {
    let resolve: Task<Result>['resolve'] = () => {};
    const outcome = new Promise<Result | undefined>((settle) => {
      resolve = settle;
    });
    const task = { run, owners: new Set<Lifetime>(), resolve, outcome };
    this.#tasks.set(key, task);
    this.#waiting.push(key);
    this.#next();
    return task;
  }

  #leave(key: string, task: Task<Result>, owner: Lifetime): void {
    task.owners.delete(owner);
    const index = this.#waiting.indexOf(key);
    // A running task is not stopped.
    if (task.owners.size > 0 || index < 0) return;
    this.#waiting.splice(index, 1);
    this.#tasks.delete(key);
    task.resolve(undefined);
  }

  #next(): void {
    if (this.#isRunning) return;
    const key = this.#waiting.shift();
    const task = key === undefined ? undefined : this.#tasks.get(key);
    if (key === undefined || !task) return;
    this.#isRunning = true;
    const result = task.run().finally(() => {
      this.#tasks.delete(key);
      this.#isRunning = false;
      this.#next();
    });
    task.resolve(result);
  }
}
