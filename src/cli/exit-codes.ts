/** What an exit code of 1 means, by command; 0 and 2 mean the same everywhere. */
const FAILED: Readonly<Record<string, string>> = {
  serve: 'the configuration is wrong, or the address cannot be listened on',
  demo: 'the scenario or web configuration is wrong, or an address cannot be listened on',
  simulate: 'the scenario is wrong, or an address cannot be listened on',
  'simulate-control': 'the simulator cannot be reached, or refuses',
  healthcheck: 'nothing answers, or it is not clear which of several is meant',
  'check-config': 'a file is wrong',
  plan: 'the configuration is wrong, or the fleet cannot be looked at',
  doctor: 'the exporter could not do its job',
  once: 'an instance, discovery or account failed, or the configuration is wrong',
  users: 'the configuration is wrong, the instance is not found, or a call failed',
  sessions: 'the configuration is wrong, the instance is not found, or a call failed',
  help: 'the help cannot be written to stdout',
  'create-user': 'the configuration is wrong, no user was created, or it is not known',
};

/** What stands below a command's help. */
export function exitCodesText(command: string): string {
  return `
Exit codes:
  0  done
  1  ${FAILED[command] ?? 'failed'}
  2  wrong usage; nothing was done
`;
}
