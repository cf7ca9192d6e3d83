import { type Command, InvalidArgumentError, Option } from 'commander';
import type { LogFormat, LogLevel } from '../log.ts';
import type { QuirkPreset } from '../simulator/index.ts';
import { MAX_REQUESTS } from '../web/limits.ts';
import {
  type ListenAddress,
  ListenAddressError,
  parseListenAddress,
} from '../web/server/listen-address.ts';

/*
 * Loaded before any command is, also the one that a container runs every half a minute: nothing heavy
 * is imported here.
 */

const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const satisfies readonly LogLevel[];
const LOG_FORMATS = ['json', 'logfmt', 'pretty'] as const satisfies readonly LogFormat[];

const QUIRK_PRESETS = ['documented', 'live'] as const satisfies readonly QuirkPreset[];

const REPEATABLE = new WeakSet<Option>();

function repeatable(option: Option): Option {
  REPEATABLE.add(option);
  return option;
}

/**
 * Has a command refuse a flag that is given twice, unless it may be: the last one would win without a word.
 * To be called when the command has all its options, and only once for what it parses.
 */
export function refuseRepeated(command: Command): void {
  for (const option of command.options) {
    if (REPEATABLE.has(option)) continue;
    let isGiven = false;
    command.on(`option:${option.name()}`, () => {
      if (isGiven) command.error(`error: ${option.long} is given twice`);
      isGiven = true;
    });
  }
}

/** Flags every command has. */
export interface CommonFlags {
  readonly 'log.level': LogLevel;
  readonly 'log.format'?: LogFormat;
}

export const commonOptions = (): readonly Option[] => [
  new Option('--log.level <level>', 'least severe messages to log')
    .choices(LOG_LEVELS)
    .default('info'),
  new Option(
    '--log.format <format>',
    'format of log lines (default: pretty on a terminal, else json)',
  ).choices(LOG_FORMATS),
];

export const configFileOption = (): Option =>
  new Option(
    '--config.file <file>',
    'configuration file (default: $SAG_APP_EXPORTER_CONFIG, else none)',
  );

/** Where each command that serves listens unless told otherwise. */
export const DEFAULT_ADDRESSES = { serve: ':10313', demo: ':10313', simulate: ':10314' } as const;

const ADDRESS = 'host:port to listen on';
const FREE_PORT = 'port 0 picks a free one';

/** May be given several times; then each address is listened on. */
export const listenAddressesOption = (fallback: string): Option => {
  const fallbacks = [parseListenAddress(fallback)];
  return repeatable(
    new Option('--web.listen-address <address>', `${ADDRESS} (repeatable); ${FREE_PORT}`)
      .default(fallbacks, fallback)
      .argParser((value: string, before: readonly ListenAddress[]) => [
        ...(before === fallbacks ? [] : before),
        listenAddress(value),
      ]),
  );
};

/** Where the simulator of a demo listens. */
export const simulatorAddressOption = (fallback: string): Option =>
  new Option('--simulator.listen-address <address>', `${ADDRESS}; ${FREE_PORT}`)
    .default(parseListenAddress(fallback), fallback)
    .argParser(listenAddress);

/** Where a running exporter is looked for. */
export const askedAddressOption = (): Option =>
  new Option(
    '--web.listen-address <address>',
    'host:port that is asked (default: where the exporter or simulator that runs here listens)',
  ).argParser(listenAddress);

export const telemetryPathOption = (): Option =>
  new Option('--web.telemetry-path <path>', 'path of the metrics')
    .default('/metrics')
    .argParser((value: string) => {
      // A browser would take what follows two slashes for a host.
      if (/^\/(?!\/|-\/)[\w./~-]*$/.test(value)) return value;
      throw new InvalidArgumentError('Expected a path such as /metrics.');
    });

export const maxRequestsOption = (): Option =>
  new Option('--web.max-requests <number>', 'scrapes answered at once; more are refused with 503')
    .default(MAX_REQUESTS)
    .argParser((value: string) => {
      if (/^[1-9]\d{0,8}$/.test(value)) return Number(value);
      throw new InvalidArgumentError('Expected a whole number from 1 up.');
    });

export const webConfigFileOption = (): Option =>
  new Option(
    '--web.config.file <file>',
    "file with TLS and users, in the Prometheus exporter toolkit's format",
  );

export const lifecycleOption = (): Option =>
  new Option('--web.enable-lifecycle', 'allow to reload the configuration by POST to /-/reload');

/** Flags of every command that runs the simulator. */
export const simulatorOptions = (): readonly Option[] => [
  new Option('--scenario.file <file>', 'scenario the simulator plays (see docs/scenarios.md)'),
  new Option(
    '--scenario.speed <factor>',
    "world seconds in a real one; 144 is a day in ten minutes (default: the scenario's, else 1)",
  ).argParser((value: string) => {
    const speed = Number(value);
    if (/^[\d.]{1,15}$/.test(value) && speed > 0) return speed;
    throw new InvalidArgumentError('Expected a number above 0.');
  }),
  new Option(
    '--seed <number>',
    "seed of everything random in the simulator (default: the scenario's, else 1)",
  ).argParser((value: string) => {
    if (/^\d{1,15}$/.test(value)) return Number(value);
    throw new InvalidArgumentError('Expected a whole number.');
  }),
  new Option(
    '--quirks <preset>',
    "how the API answers where its documents leave a doubt: by them, or as is likeliest of the live API; see docs/simulator.md (default: the scenario's, else documented)",
  ).choices(QUIRK_PRESETS),
  new Option(
    '--control.listen-address <address>',
    'host:port of the control API, which changes the simulator while it runs; without a host, of the loopback only (default: none)',
  ).argParser((value: string): ListenAddress => ({ host: LOOPBACK, ...listenAddress(value) })),
];

/** Where a control API is looked for; the examples of the documentation start it there. */
export const controlUrlOption = (): Option =>
  new Option('--control.url <url>', "URL of the simulator's control API")
    .default(`http://${LOOPBACK}:10315`)
    .argParser((value: string) => {
      if (/^https?:\/\/[^/?#]+\/?$/.test(value) && URL.canParse(value))
        return new URL(value).origin;
      throw new InvalidArgumentError('Expected a URL such as http://127.0.0.1:10315.');
    });

/** Whoever can connect to the control API may do everything, so nobody else's machine can unless asked for. */
const LOOPBACK = '127.0.0.1';

function listenAddress(value: string): ListenAddress {
  try {
    return parseListenAddress(value);
  } catch (error) {
    if (!(error instanceof ListenAddressError)) throw error;
    throw new InvalidArgumentError(error.message);
  }
}
