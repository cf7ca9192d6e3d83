/** The frame of every page, and the page of an unknown instance. */
export const layout = {
  skip: 'Skip to the content',
  exporter: 'Exporter',
  metrics: 'Metrics',
  ready: 'Ready?',
  healthy: 'Healthy?',
  language: 'Language',
  /** The name of the language in the language itself. */
  ownName: 'English',
  /** The folder of the runbooks in this language, below `docs/`. */
  runbooks: 'runbooks',
  refreshing: 'Refreshing and times',
  /** @param zone the name of the time zone, for example UTC */
  asOf: (time: string, zone: string) => `As of ${time}. Times are in ${zone}.`,
  showUtc: 'Show times in UTC',
  showLocal: 'Show my local time',
  pause: 'Pause refreshing',
  resume: 'Resume refreshing',
  cannotRefresh: 'Cannot refresh: the exporter does not answer. Trying again.',
  noInstance: 'No such instance',
  noInstanceReason:
    'The instance may have been removed or not been discovered yet, or the address is wrong.',
  toFleet: 'To the fleet',
};
