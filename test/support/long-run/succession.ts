import { REQUIRED_STAGES } from '../../../src/model/stage.ts';
import type { ScrapedFleet, ScrapedInstance } from './scraped-fleet.ts';

/** How the newest pass of a stage ended; unknown when a scrape saw one end well and one badly. */
type Ended = 'never' | 'well' | 'badly' | 'unknown';

/** What must hold from scrape to scrape. */
export class Succession {
  #before: ScrapedFleet | undefined;
  readonly #ended = new Map<string, Ended>();

  /**
   * What does not follow from the scrape before, in words.
   *
   * @param paused whether the account's polling is paused
   */
  faults(fleet: ScrapedFleet, paused: boolean): readonly string[] {
    const before = this.#before;
    this.#before = fleet;
    const faults = before ? [...counterFaults(before, fleet), ...backwards(before, fleet)] : [];
    for (const instance of fleet.instances.values()) {
      const earlier = before?.instances.get(instance.id);
      const ended = REQUIRED_STAGES.map((stage) => this.#follow(stage, instance, earlier));
      faults.push(...upFaults(instance, ended, paused));
    }
    return faults;
  }

  #follow(stage: string, instance: ScrapedInstance, before: ScrapedInstance | undefined): Ended {
    const key = `${instance.id} ${stage}`;
    const succeeded = instance.lastSuccess(stage) !== before?.lastSuccess(stage);
    const failed = instance.failures(stage) !== (before?.failures(stage) ?? 0);
    const earlierEnd = (before && this.#ended.get(key)) ?? 'never';
    const ended = succeeded ? (failed ? 'unknown' : 'well') : failed ? 'badly' : earlierEnd;
    this.#ended.set(key, ended);
    return ended;
  }
}

function upFaults(instance: ScrapedInstance, ended: readonly Ended[], paused: boolean): string[] {
  const { id } = instance;
  const up = instance.figure('sag_app_instance_up');
  if (paused) return up === 0 ? [] : [`${id}: up while the account is paused`];
  if (up === 1) return ended.includes('badly') ? [`${id}: up although a newest pass failed`] : [];
  // Sessions may be to come.
  const isDown = ended.some((end) => end === 'badly' || end === 'unknown');
  const [users, online] = ended;
  return isDown || users === 'never' || online === 'never' ? [] : [`${id}: down without reason`];
}

function counterFaults(before: ScrapedFleet, now: ScrapedFleet): string[] {
  const faults: string[] = [];
  for (const [key, { value, instanceId }] of before.counters) {
    const current = now.counters.get(key);
    if (current && current.value < value) faults.push(`${key} fell to ${current.value}`);
    const stays = instanceId === undefined || now.instances.has(instanceId);
    if (!current && stays) faults.push(`${key} vanished`);
  }
  return faults;
}

function backwards(before: ScrapedFleet, now: ScrapedFleet): string[] {
  const faults: string[] = [];
  for (const [region, earlier] of before.discoveries) {
    if ((now.discoveries.get(region) ?? 0) < earlier)
      faults.push(`discovery of ${region} went back`);
  }
  for (const [id, instance] of now.instances) {
    for (const stage of REQUIRED_STAGES) {
      const earlier = before.instances.get(id)?.lastSuccess(stage);
      const later = instance.lastSuccess(stage);
      if (earlier === undefined) continue;
      if (later === undefined || later < earlier) faults.push(`${id}: ${stage} success went back`);
    }
  }
  return faults;
}
