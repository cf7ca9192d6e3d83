import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import {
  CONFIG_FILE,
  CONTROL_URL,
  CSV_OUTPUT,
  DEFAULT_ADDRESSES,
  HEALTHCHECK_ADDRESS,
  JSON_OUTPUT,
  listenAddressesOption,
  SIMULATOR_ADDRESS,
  SIMULATOR_OPTIONS,
  STORAGE_PATH,
  STORAGE_TO_READ,
  SYSTEMD_SOCKET,
  UNUSED_FOR,
  WEB_OPTIONS,
} from './flags.ts';
import type { CommandKind, Host } from './process/host.ts';

export interface CommandRow extends Partial<CommandKind> {
  readonly name: string;
  readonly description: string;
  readonly arguments?: readonly Argument[];
  readonly options?: readonly Option[];
  /** What exit code 1 means. */
  readonly failed: string;
  /** Runs when the arguments name no command. */
  readonly isDefault?: boolean;
  /** Leaves the values of flags out of messages about wrong usage, because a value may be a password. */
  readonly hidesValues?: boolean;
  /**
   * Imports the command's code and runs it: a command loads no code of another one, since
   * `check-config` needs no web server.
   *
   * @param command the parsed arguments and flags
   * @returns the exit code
   */
  run(command: Command, host: Host): Promise<number>;
}

const INSTANCE = new Argument(
  '<instance>',
  'id of the instance, or a name that only it has; see the command `instances`',
).argParser(notEmpty('the id or name of an instance'));

function notEmpty(expected: string): (value: string) => string {
  return (value) => {
    if (value.trim() !== '') return value;
    throw new InvalidArgumentError(`Expected ${expected}.`);
  };
}

/** Every command, in the order of the help. */
export const COMMANDS: readonly CommandRow[] = [
  {
    name: 'serve',
    description: 'poll the API and serve /metrics until ended',
    options: [
      CONFIG_FILE,
      listenAddressesOption(DEFAULT_ADDRESSES.serve),
      SYSTEMD_SOCKET,
      ...WEB_OPTIONS,
      STORAGE_PATH,
    ],
    failed: 'the configuration is wrong, or an address or socket cannot be listened on',
    isDefault: true,
    isDaemon: true,
    reloads: true,
    run: async (command, host) =>
      (await import('./serve/serve.ts')).serve(command.optsWithGlobals(), host),
  },
  {
    name: 'demo',
    description: 'run the simulator and the exporter in one process; needs no configuration',
    options: [
      listenAddressesOption(DEFAULT_ADDRESSES.demo),
      ...WEB_OPTIONS,
      SIMULATOR_ADDRESS,
      ...SIMULATOR_OPTIONS,
    ],
    failed: 'the scenario or web configuration is wrong, or an address cannot be listened on',
    isDaemon: true,
    reloads: true,
    run: async (command, host) => (await import('./demo.ts')).demo(command.optsWithGlobals(), host),
  },
  {
    name: 'simulate',
    description: 'run only the simulator of the API, for any Alibaba Cloud SDK',
    options: [listenAddressesOption(DEFAULT_ADDRESSES.simulate), ...SIMULATOR_OPTIONS],
    failed: 'the scenario is wrong, or an address cannot be listened on',
    isDaemon: true,
    run: async (command, host) =>
      (await import('./simulate/simulate.ts')).simulate(command.optsWithGlobals(), host),
  },
  {
    name: 'simulate-control',
    description: 'show or change the state of a running simulator through its control API',
    arguments: [
      new Argument(
        '[action]',
        'state, users or another action; without an action, all actions are listed',
      ),
      new Argument('[key=value...]', 'parameters of the action, with values as in a scenario file'),
    ],
    options: [CONTROL_URL],
    failed: 'the simulator cannot be reached, or refuses the action',
    run: async (command, host) => {
      const [action, parameters] = command.processedArgs;
      const { simulateControl } = await import('./simulate-control.ts');
      return simulateControl(action, parameters, command.optsWithGlobals(), host);
    },
  },
  {
    name: 'healthcheck',
    description: 'check that the exporter or simulator in this container or machine answers',
    options: [HEALTHCHECK_ADDRESS],
    failed: 'nothing answers, or several exporters or simulators run and none is named',
    run: async (command, host) =>
      (await import('./healthcheck/healthcheck.ts')).healthcheck(command.optsWithGlobals(), host),
  },
  {
    name: 'check-config',
    description: 'check configuration files and report every problem',
    arguments: [new Argument('<file...>', 'configuration files')],
    failed: 'a file is wrong',
    run: async ({ args }, host) => (await import('./check-config.ts')).checkConfig(args, host),
  },
  {
    name: 'plan',
    description: 'forecast API calls and cycle times, after a few calls to look at the fleet',
    options: [CONFIG_FILE, JSON_OUTPUT],
    failed: 'the configuration is wrong, or reading the fleet failed',
    run: async (command, host) =>
      (await import('./plan/plan.ts')).plan(command.optsWithGlobals(), host),
  },
  {
    name: 'doctor',
    description:
      'check endpoint, clock, credentials, permissions and limits, and advise how to fix problems',
    options: [
      CONFIG_FILE,
      new Option(
        '--report <file>',
        'file for a report of how the API answers, to attach to an issue; has no names, ids, addresses or keys',
      ),
    ],
    failed: 'a check failed: the exporter could not do its job',
    run: async (command, host) =>
      (await import('./doctor/doctor.ts')).doctor(command.optsWithGlobals(), host),
  },
  {
    name: 'once',
    description: 'run every stage once, then print the metrics or write them to a file',
    options: [
      CONFIG_FILE,
      new Option('--output <file>', 'file to write, replaced as a whole (default: stdout)'),
    ],
    failed: 'the configuration is wrong, or an account, the discovery or an instance failed',
    run: async (command, host) => {
      const { once } = await import('./once.ts');
      // A successful job is silent unless --log.level is given.
      const quiet = command.getOptionValueSourceWithGlobals('log.level') === 'default';
      return once({ ...command.optsWithGlobals(), quiet }, host);
    },
  },
  {
    name: 'instances',
    description: 'print a table of the instances that the configuration finds',
    options: [CONFIG_FILE, JSON_OUTPUT],
    failed: 'the configuration is wrong, or a call failed; what is known is printed nevertheless',
    run: async (command, host) =>
      (await import('./instances/instances.ts')).instances(command.optsWithGlobals(), host),
  },
  {
    name: 'users',
    description:
      'print a table of the users of an instance, or of those who have not been online for long',
    arguments: [INSTANCE],
    options: [CONFIG_FILE, STORAGE_TO_READ, UNUSED_FOR, JSON_OUTPUT, CSV_OUTPUT],
    failed:
      'the configuration is wrong, the instance is not found, a call failed, or there is no state',
    run: async (command, host) => {
      const [instance] = command.processedArgs;
      return (await import('./users/users.ts')).users(instance, command.optsWithGlobals(), host);
    },
  },
  {
    name: 'sessions',
    description: 'print a table of the sessions on an instance',
    arguments: [INSTANCE, new Argument('[user-name]', 'show only the sessions of this user')],
    options: [CONFIG_FILE, JSON_OUTPUT, CSV_OUTPUT],
    failed: 'the configuration is wrong, the instance is not found, or a call failed',
    run: async (command, host) => {
      const [instance, userName] = command.processedArgs;
      const { sessions } = await import('./sessions.ts');
      return sessions(instance, userName, command.optsWithGlobals(), host);
    },
  },
  {
    name: 'history',
    description:
      'print who was online at a moment, or the sessions in a time, from the files that `serve` has written',
    options: [
      STORAGE_TO_READ,
      CONFIG_FILE,
      new Option(
        '--instance <instance>',
        'show only sessions on this instance: its id, or a name that only it has',
      ).argParser(notEmpty('the id or name of an instance')),
      new Option('--user <name>', 'show only sessions of the user with this name').argParser(
        notEmpty('the name of a user'),
      ),
      new Option(
        '--at <time>',
        'the moment: a time as in RFC 3339, or a local date and time such as "2026-11-28 14:30"',
      ),
      new Option('--from <time>', 'the beginning of the time; needs --to'),
      new Option('--to <time>', 'the end of the time; a date alone stands for the end of that day'),
      JSON_OUTPUT,
      CSV_OUTPUT,
    ],
    failed: 'the files cannot be read, or nothing was recorded at that time',
    run: async (command, host) =>
      (await import('./history/history.ts')).history(command.optsWithGlobals(), host),
  },
  {
    name: 'create-user',
    description: 'create a user of an instance; the input is checked first, then sent only once',
    arguments: [INSTANCE],
    options: [
      CONFIG_FILE,
      new Option(
        '--user-mail <address>',
        'mail address of the user, to which the API sends the login details; required',
      ),
      new Option(
        '--user-name <name>',
        'name to log in with; needs --password-stdin (default: chosen by the API, usually the mail address)',
      ),
      new Option('--password-stdin', 'read the password from stdin; needs --user-name'),
      new Option('--bandwidth <kbps>', 'Kbit/s from 1 to 20000 (default: 2000)'),
      new Option(
        '--client-ip <address>',
        'fixed address of the client (default: a new one with each connection)',
      ),
    ],
    failed:
      'the configuration is wrong, no user was created, or it is unknown whether one was created',
    hidesValues: true,
    run: async (command, host) => {
      const [instance] = command.processedArgs;
      const { createUser } = await import('./create-user/create-user.ts');
      return createUser(instance, command.optsWithGlobals(), host);
    },
  },
  {
    name: 'help',
    description: 'print the help of a command',
    arguments: [new Argument('[command]')],
    failed: 'the help cannot be written to stdout',
    run: async (command) => {
      const program = command.parent;
      const [name] = command.args;
      const helped =
        name === undefined ? program : program?.commands.find((other) => other.name() === name);
      if (!helped) return command.error(`error: unknown command '${name}' (see --help)`);
      return helped.help();
    },
  },
];
