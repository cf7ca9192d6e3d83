import { Command, CommanderError } from 'commander';
import { COMMANDS, type CommandRow } from './commands.ts';
import { COMMON_OPTIONS, refuseRepeated } from './flags.ts';
import { buildOf } from './process/build.ts';
import { environmentWarnings } from './process/environment-warnings.ts';
import { CommandError, EXIT, type Host } from './process/host.ts';
import { visible } from './terminal/visible-text.ts';

/**
 * Runs the command that the arguments name.
 *
 * @param args without the program's own name
 * @returns the process's exit code
 */
export async function run(args: readonly string[], host: Host): Promise<number> {
  let exitCode: number = EXIT.done;
  const program = programOf(host);
  for (const row of COMMANDS) {
    addCommand(program, row, host, (code) => {
      exitCode = code;
    });
  }
  try {
    // Windows passes halves of characters on, which could not be written as UTF-8.
    const wellFormed = args.map((arg) => arg.toWellFormed());
    await program.parseAsync(wellFormed, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    if (error instanceof CommandError) {
      // The message may quote the API, which may quote the name of a user.
      host.stderr.write(`${error.message.split('\n').map(visible).join('\n')}\n`);
      return error.exitCode;
    }
    host.stderr.write(`sag-app-exporter: ${error instanceof Error ? error.message : 'failed'}\n`);
    return EXIT.failed;
  }
}

function programOf(host: Host): Command {
  const program = new Command('sag-app-exporter')
    .description(
      'Prometheus exporter for Alibaba Cloud Smart Access Gateway (SAG) APP. Runs `serve` when no command is given.',
    )
    .version(versionText(host), '--version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    // The table has its own help command, because commander's prints the help of the program for an unknown
    // name.
    .helpCommand(false)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => host.stdout.write(text),
      writeErr: (text) => host.stderr.write(text),
    })
    .exitOverride()
    .addHelpText('after', '\nHelp of one command: sag-app-exporter COMMAND --help\n');
  for (const option of COMMON_OPTIONS) program.addOption(option);
  refuseRepeated(program);
  return program;
}

function addCommand(
  program: Command,
  row: CommandRow,
  host: Host,
  onExit: (code: number) => void,
): void {
  const { isDefault = false, isDaemon = false, reloads = false } = row;
  const command = program
    .command(row.name, { isDefault })
    .description(row.description)
    // The default command also receives an argument that is not the name of a command.
    .allowExcessArguments(isDefault)
    .addHelpText('after', exitCodesText(row))
    .action(async () => {
      host.begins({ isDaemon, reloads });
      if (!isDaemon) {
        // A daemon logs the warnings.
        for (const warning of environmentWarnings(host)) host.stderr.write(`warning: ${warning}\n`);
      }
      const unknown = isDefault ? command.args[0] : undefined;
      if (unknown !== undefined) command.error(`error: unknown command '${unknown}' (see --help)`);
      onExit(await row.run(command, host));
    });
  for (const argument of row.arguments ?? []) command.addArgument(argument);
  for (const option of row.options ?? []) command.addOption(option);
  if (row.hidesValues) {
    command.configureOutput({ outputError: (text, write) => write(withoutValues(text)) });
  }
  refuseRepeated(command);
}

function exitCodesText({ failed }: CommandRow): string {
  return `
Exit codes:
  0  done
  1  ${failed}
  2  wrong usage; nothing was done
`;
}

function withoutValues(message: string): string {
  return message.replace(/(--[\w.-]+=)[^']*/g, '$1<hidden>');
}

function versionText(host: Host): string {
  const { version, revision, nodeVersion } = buildOf(host);
  return `sag-app-exporter ${version}${revision && ` (${revision})`}, Node.js ${nodeVersion}`;
}
