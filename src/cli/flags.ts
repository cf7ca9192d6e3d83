import { type Command, InvalidArgumentError, Option } from 'commander';
import type { LogLevel } from '../log.ts';
import type { QuirkPreset } from '../simulator/index.ts';
import { MAX_REQUESTS } from '../web/limits.ts';
import {
  type ListenAddress,
  ListenAddressError,
  parseListenAddress,
} from '../web/server/listen-address.ts';
import { parseUnusedFor } from '../web/status/unused.ts';

/*
 * Flags that several commands share, or whose values are checked here. Every command loads this file,
 * also `healthcheck`, which a container runs every half minute: import nothing heavy.
 */

const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const satisfies readonly LogLevel[];
const LOG_FORMATS = ['json', 'logfmt', 'pretty'] as const;

const QUIRK_PRESETS = ['documented', 'live'] as const satisfies readonly QuirkPreset[];

const REPEATABLE = new WeakSet<Option>();

function repeatable(option: Option): Option {
  REPEATABLE.add(option);
  return option;
}

/**
 * Makes a command refuse a flag that is given twice; otherwise the last value would win without a
 * message. Call it after all options are added, and parse with the command only once.
 */
export function refuseRepeated(command: Command): void {
  for (const option of command.options) {
    if (REPEATABLE.has(option)) continue;
    let isPresent = false;
    command.on(`option:${option.name()}`, () => {
      if (isPresent) command.error(`error: ${option.long} is given twice`);
      isPresent = true;
    });
  }
}

/** Values of COMMON_OPTIONS. */
export interface CommonFlags {
  readonly 'log.level': LogLevel;
  readonly 'log.format'?: (typeof LOG_FORMATS)[number];
}

/** Flags of every command. */
export const COMMON_OPTIONS: readonly Option[] = [
  new Option('--log.level <level>', 'lowest level of messages to log')
    .choices(LOG_LEVELS)
    .default('info'),
  new Option(
    '--log.format <format>',
    'format of log lines (default: pretty on a terminal, else json)',
  ).choices(LOG_FORMATS),
];

/** Value of CONFIG_FILE. */
export interface ConfigFlags {
  readonly 'config.file'?: string;
}

export const CONFIG_FILE = new Option(
  '--config.file <file>',
  'configuration file (default: $SAG_APP_EXPORTER_CONFIG, else none)',
);

/** Value of STORAGE_PATH. */
export interface StorageFlags {
  readonly 'storage.path'?: string;
}

/** For commands that only read. */
export const STORAGE_TO_READ = new Option(
  '--storage.path <directory>',
  'directory in which `serve --storage.path` keeps its state and history',
);

export const STORAGE_PATH = new Option(
  '--storage.path <directory>',
  'directory that keeps the state, and the history if it is enabled, over restarts (default: nothing is kept)',
).argParser((value: string) => {
  if (value !== '') return value;
  throw new InvalidArgumentError('Expected a directory.');
});

/** Values of CONFIG_FILE and JSON_OUTPUT. */
export interface JsonFlags extends CommonFlags, ConfigFlags {
  readonly json?: boolean;
}

export const JSON_OUTPUT = new Option('--json', 'print JSON instead of text');

/** Values of CONFIG_FILE, JSON_OUTPUT and CSV_OUTPUT. */
export interface ListFlags extends JsonFlags {
  readonly csv?: boolean;
}

export const CSV_OUTPUT = new Option(
  '--csv',
  'print CSV (RFC 4180) instead of text; a cell that a spreadsheet would run as a formula begins with an apostrophe',
).conflicts('json');

/** Its value is an UnusedFor. */
export const UNUSED_FOR = new Option(
  '--unused-for <duration>',
  'list only the users who were not online for so long, such as 90d; needs --storage.path',
).argParser((text: string) => {
  const unusedFor = parseUnusedFor(text);
  if (unusedFor) return unusedFor;
  throw new InvalidArgumentError('Expected a duration above 0 such as 90d, 12h or 1d12h.');
});

/** The address on which each command listens by default. */
export const DEFAULT_ADDRESSES = { serve: ':10313', demo: ':10313', simulate: ':10314' } as const;

const ADDRESS = 'host:port to listen on';
const FREE_PORT = 'port 0 picks a free one';

/** Defines a flag that may be given several times; then the command listens on each address. */
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

/** Value of SYSTEMD_SOCKET. */
export interface SystemdSocketFlags {
  readonly 'web.systemdSocket'?: boolean;
}

export const SYSTEMD_SOCKET = new Option(
  '--web.systemd-socket',
  'listen on the sockets that systemd hands over, instead of an address (Linux only; see docs/install.md)',
).conflicts('web.listenAddress');

export const SIMULATOR_ADDRESS = new Option(
  '--simulator.listen-address <address>',
  `${ADDRESS}; ${FREE_PORT}`,
)
  .default(parseListenAddress(DEFAULT_ADDRESSES.simulate), DEFAULT_ADDRESSES.simulate)
  .argParser(listenAddress);

export const HEALTHCHECK_ADDRESS = new Option(
  '--web.listen-address <address>',
  'host:port to check (default: where the running exporter or simulator listens)',
).argParser(listenAddress);

/** Flags of every command that serves metrics, besides its address. */
export const WEB_OPTIONS: readonly Option[] = [
  new Option('--web.telemetry-path <path>', 'path of the metrics')
    .default('/metrics')
    .argParser((value: string) => {
      // The text after two slashes is refused, because a browser would read it as a host in a link.
      if (/^\/(?!\/|-\/)[\w./~-]*$/.test(value)) return value;
      throw new InvalidArgumentError('Expected a path such as /metrics.');
    }),
  new Option('--web.max-requests <number>', 'scrapes answered at once; more are refused with 503')
    .default(MAX_REQUESTS)
    .argParser((value: string) => {
      if (/^[1-9]\d{0,8}$/.test(value)) return Number(value);
      throw new InvalidArgumentError('Expected a whole number from 1 up.');
    }),
  new Option(
    '--web.config.file <file>',
    "file with TLS and users, in the Prometheus exporter toolkit's format",
  ),
  new Option('--web.enable-lifecycle', 'allow to reload the configuration by POST to /-/reload'),
];

/** A control API may do everything, so by default only this machine reaches it. */
const LOOPBACK = '127.0.0.1';

export const SIMULATOR_OPTIONS: readonly Option[] = [
  new Option('--scenario.file <file>', 'scenario that the simulator plays (see docs/scenarios.md)'),
  new Option(
    '--scenario.speed <factor>',
    "simulated seconds per real second; 144 plays a day in ten minutes (default: the scenario's, else 1)",
  ).argParser((value: string) => {
    const speed = Number(value);
    if (/^[\d.]{1,15}$/.test(value) && speed > 0) return speed;
    throw new InvalidArgumentError('Expected a number above 0.');
  }),
  new Option(
    '--seed <number>',
    "seed of the simulator's random numbers (default: the scenario's, else 1)",
  ).argParser((value: string) => {
    if (/^\d{1,15}$/.test(value)) return Number(value);
    throw new InvalidArgumentError('Expected a whole number.');
  }),
  new Option(
    '--quirks <preset>',
    "how the API answers where its documents are unclear: as documented, or as the live API most likely does; see docs/simulator.md (default: the scenario's, else documented)",
  ).choices(QUIRK_PRESETS),
  new Option(
    '--control.listen-address <address>',
    'host:port of the control API, which changes the simulator while it runs; without a host, only this machine can connect (default: no control API)',
  ).argParser((value: string): ListenAddress => ({ host: LOOPBACK, ...listenAddress(value) })),
];

/** The default is the address in the documentation's examples. */
export const CONTROL_URL = new Option('--control.url <url>', "URL of the simulator's control API")
  .default(`http://${LOOPBACK}:10315`)
  .argParser((value: string) => {
    if (/^https?:\/\/[^/?#]+\/?$/.test(value) && URL.canParse(value)) return new URL(value).origin;
    throw new InvalidArgumentError('Expected a URL such as http://127.0.0.1:10315.');
  });

function listenAddress(value: string): ListenAddress {
  try {
    return parseListenAddress(value);
  } catch (error) {
    if (!(error instanceof ListenAddressError)) throw error;
    throw new InvalidArgumentError(error.message);
  }
}
