import type { User, World } from '../../../src/simulator/index.ts';
import { createRandom, type Random } from '../../../src/simulator/world/random.ts';

/** So many changes of one kind of the lists of users follow each other before those of the other. */
const IN_A_ROW = 12;

/** The hand of an administrator in a world that already lives: each call changes something. */
export class Churn {
  readonly #world: World;
  readonly #random: Random;
  #added = 0;
  #listChanges = 0;

  constructor(world: World, seed: number | string) {
    this.#world = world;
    this.#random = createRandom(seed, 'churn');
  }

  change(): void {
    const instances = this.#world.instances();
    if (instances.length === 0) return;
    const { id } = this.#random.pick(instances);
    const users = this.#world.users(id);
    if (users.length === 0) return;
    this.#changeOne(id, users, this.#random.pick(users));
  }

  #changeOne(id: string, users: readonly User[], user: User): void {
    switch (this.#random.below(5)) {
      case 0:
        this.#changeList(id, users, user);
        break;
      case 1:
        this.#world.setUserState(id, user.name, user.state === 0 ? 1 : 0);
        break;
      case 2:
        this.#world.kick(id, user.name);
        break;
      case 3:
        if (user.state === 0) this.#world.connect(id, user.name);
        break;
      case 4:
        this.#reconnect(id, this.#world.onlineUsers(id).at(0));
        break;
    }
  }

  /** As many clients as before, but others. */
  #reconnect(id: string, user: User | undefined): void {
    if (!user) return;
    const clients = user.sessions.length;
    this.#world.kick(id, user.name);
    for (let client = 0; client < clients; client++) this.#world.connect(id, user.name);
  }

  #changeList(id: string, users: readonly User[], user: User): void {
    const round = Math.floor(this.#listChanges++ / IN_A_ROW);
    if (round % 2 === 1 && users.length > 5) this.#world.removeUser(id, user.name);
    else this.#world.addUser(id, { name: `newcomer.${++this.#added}`, bandwidth: 1000 });
  }
}
