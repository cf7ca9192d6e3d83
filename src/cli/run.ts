import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { exitCodesText } from './exit-codes.ts';
import {
  askedAddressOption,
  commonOptions,
  configFileOption,
  controlUrlOption,
  DEFAULT_ADDRESSES,
  lifecycleOption,
  listenAddressesOption,
  maxRequestsOption,
  refuseRepeated,
  simulatorAddressOption,
  simulatorOptions,
  telemetryPathOption,
  webConfigFileOption,
} from './flags.ts';
import { buildOf } from './process/build.ts';
import { environmentWarnings } from './process/environment-warnings.ts';
import { CommandError, EXIT, type Host } from './process/host.ts';
import { visible } from './terminal/visible-text.ts';

/** Commands that run until they are asked to end. */
const DAEMONS: ReadonlySet<string> = new Set(['serve', 'demo', 'simulate']);
/** Those that reload their configuration at SIGHUP. */
const RELOADING: ReadonlySet<string> = new Set(['serve', 'demo']);

/**
 * Runs the command that the arguments name and answers with the process's exit code. A command's
 * code is imported when it runs: `check-config` needs no web server.
 *
 * @param args without the program's own name
 */
export async function run(args: readonly string[], host: Host): Promise<number> {
  let exitCode: number = EXIT.done;
  const program = commands(host, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    if (error instanceof CommandError) {
      // It may quote the API, which may quote a user's name.
      host.stderr.write(`${error.message.split('\n').map(visible).join('\n')}\n`);
      return error.exitCode;
    }
    host.stderr.write(`sag-app-exporter: ${error instanceof Error ? error.message : 'failed'}\n`);
    return EXIT.failed;
  }
}

function commands(host: Host, onExit: (code: number) => void): Command {
  const program = new Command('sag-app-exporter')
    .description(
      'Prometheus exporter for Alibaba Cloud Smart Access Gateway (SAG) APP. Without a command it serves.',
    )
    .version(versionText(host), '--version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    // A command of our own below: for an unknown name this one would print the help of all.
    .helpCommand(false)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => host.stdout.write(text),
      writeErr: (text) => host.stderr.write(text),
    })
    .exitOverride()
    .hook('preAction', (_program, command) => {
      const isDaemon = DAEMONS.has(command.name());
      host.begins({ isDaemon, reloads: RELOADING.has(command.name()) });
      // A daemon logs the warnings.
      if (isDaemon) return;
      for (const warning of environmentWarnings(host)) host.stderr.write(`warning: ${warning}\n`);
    });
  for (const option of commonOptions()) program.addOption(option);
  program.addHelpText(
    'after',
    '\nA command says more of itself: sag-app-exporter COMMAND --help\n',
  );

  program
    .command('serve', { isDefault: true })
    .description('poll the API and serve /metrics until ended')
    .addOption(configFileOption())
    .addOption(listenAddressesOption(DEFAULT_ADDRESSES.serve))
    .addOption(telemetryPathOption())
    .addOption(maxRequestsOption())
    .addOption(webConfigFileOption())
    .addOption(lifecycleOption())
    // As the default command it is given whatever is no command.
    .allowExcessArguments()
    .action(async (_flags, command: Command) => {
      const [unknown] = command.args;
      if (unknown !== undefined) command.error(`error: unknown command '${unknown}' (see --help)`);
      const { serve } = await import('./serve/serve.ts');
      onExit(await serve(command.optsWithGlobals(), host));
    });

  const demoCommand = program
    .command('demo')
    .description('simulator and exporter in one process, nothing to configure')
    .addOption(listenAddressesOption(DEFAULT_ADDRESSES.demo))
    .addOption(telemetryPathOption())
    .addOption(maxRequestsOption())
    .addOption(webConfigFileOption())
    .addOption(lifecycleOption())
    .addOption(simulatorAddressOption(DEFAULT_ADDRESSES.simulate))
    .action(async (_flags, command: Command) => {
      const { demo } = await import('./demo.ts');
      onExit(await demo(command.optsWithGlobals(), host));
    });

  const simulateCommand = program
    .command('simulate')
    .description('the API simulator alone, usable by any Alibaba Cloud SDK')
    .addOption(listenAddressesOption(DEFAULT_ADDRESSES.simulate))
    .action(async (_flags, command: Command) => {
      const { simulate } = await import('./simulate/simulate.ts');
      onExit(await simulate(command.optsWithGlobals(), host));
    });
  for (const option of simulatorOptions()) {
    demoCommand.addOption(option);
    simulateCommand.addOption(option);
  }

  program
    .command('simulate-control')
    .description('look at or change a running simulator by its control API')
    .argument('[action]', 'state, users, or an action; without one the actions are listed')
    .argument('[key=value...]', 'what the action takes; values are written as in a scenario')
    .addOption(controlUrlOption())
    .action(
      async (action: string | undefined, keys: readonly string[], _flags, command: Command) => {
        const { simulateControl } = await import('./simulate-control.ts');
        onExit(await simulateControl(action, keys, command.optsWithGlobals(), host));
      },
    );

  program
    .command('healthcheck')
    .description('whether the exporter or simulator that runs here answers; for containers')
    .addOption(askedAddressOption())
    .action(async (_flags, command: Command) => {
      const { healthcheck } = await import('./healthcheck/healthcheck.ts');
      onExit(await healthcheck(command.optsWithGlobals(), host));
    });

  program
    .command('check-config')
    .description('check configuration files; says everything that is wrong')
    .argument('<file...>', 'configuration files')
    .action(async (files: readonly string[]) => {
      const { checkConfig } = await import('./check-config.ts');
      onExit(await checkConfig(files, host));
    });

  program
    .command('plan')
    .description('forecast of API calls and cycle times, from one cheap look at the fleet')
    .addOption(configFileOption())
    .option('--json', 'print it as JSON')
    .action(async (_flags, command: Command) => {
      const { plan } = await import('./plan/plan.ts');
      onExit(await plan(command.optsWithGlobals(), host));
    });

  program
    .command('doctor')
    .description('check endpoint, clock, credentials, permissions and limits; says what to do')
    .addOption(configFileOption())
    .option(
      '--report <file>',
      'file for a report of how the API answers, without names, ids, addresses and keys, to hand in with an issue',
    )
    .action(async (_flags, command: Command) => {
      const { doctor } = await import('./doctor/doctor.ts');
      onExit(await doctor(command.optsWithGlobals(), host));
    });

  program
    .command('once')
    .description('one complete pass of every stage, then the metrics to stdout or a file')
    .addOption(configFileOption())
    .option('--output <file>', 'file to write, replaced as a whole (default: stdout)')
    .action(async (_flags, command: Command) => {
      const { once } = await import('./once.ts');
      // Unless asked to, a job that went well says nothing.
      const quiet = command.getOptionValueSourceWithGlobals('log.level') === 'default';
      onExit(await once({ ...command.optsWithGlobals(), quiet }, host));
    });

  program
    .command('users')
    .description('table of the users of an instance')
    .argument('<instance-id>', 'id of the instance', instanceId)
    .addOption(configFileOption())
    .option('--json', 'print it as JSON')
    .action(async (id: string, _flags, command: Command) => {
      const { users } = await import('./users.ts');
      onExit(await users(id, command.optsWithGlobals(), host));
    });

  program
    .command('sessions')
    .description('table of who is online on an instance')
    .argument('<instance-id>', 'id of the instance', instanceId)
    .argument('[user-name]', 'only this user')
    .addOption(configFileOption())
    .option('--json', 'print it as JSON')
    .action(async (id: string, userName: string | undefined, _flags, command: Command) => {
      const { sessions } = await import('./sessions.ts');
      onExit(await sessions(id, userName, command.optsWithGlobals(), host));
    });

  program
    .command('create-user')
    .description('create a user of an instance; checked first, sent once')
    .argument('<instance-id>', 'id of the instance', instanceId)
    .addOption(configFileOption())
    .option('--user-mail <address>', 'where the API sends what the user needs; required')
    .option(
      '--user-name <name>',
      'name to log in with; needs --password-stdin (default: the API chooses, usually the mail address)',
    )
    .option('--password-stdin', 'read the password from stdin; needs --user-name')
    .option('--bandwidth <kbps>', 'Kbit/s from 1 to 20000 (default: 2000)')
    .option('--client-ip <address>', 'fixed address (default: a new one with each connection)')
    // A password that is given as a flag by mistake must not end up in a log.
    .configureOutput({ outputError: (text, write) => write(withoutValues(text)) })
    .action(async (id: string, _flags, command: Command) => {
      const { createUser } = await import('./create-user/create-user.ts');
      onExit(await createUser(id, command.optsWithGlobals(), host));
    });

  program
    .command('help')
    .description('print the help of a command')
    .argument('[command]')
    .action((name: string | undefined, _flags, command: Command) => {
      const of =
        name === undefined ? program : program.commands.find((each) => each.name() === name);
      if (!of) command.error(`error: unknown command '${name}' (see --help)`);
      of.help();
    });

  refuseRepeated(program);
  for (const command of program.commands) {
    refuseRepeated(command);
    command.addHelpText('after', exitCodesText(command.name()));
  }
  return program;
}

function instanceId(value: string): string {
  if (/^[\w.-]+$/.test(value)) return value;
  throw new InvalidArgumentError('Expected an instance id such as sag-abc123.');
}

/** A message about flags, without what was given them. */
function withoutValues(message: string): string {
  return message.replace(/(--[\w.-]+=)[^']*/g, '$1<hidden>');
}

function versionText(host: Host): string {
  const { version, revision, nodeVersion } = buildOf(host);
  return `sag-app-exporter ${version}${revision && ` (${revision})`}, Node.js ${nodeVersion}`;
}
