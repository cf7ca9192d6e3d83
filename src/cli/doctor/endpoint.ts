import http from 'node:http';
import https from 'node:https';
import { type Clock, MINUTE, SECOND } from '../../clock.ts';
import { type ProxyOptions, ProxySettingError } from '../../smartag/transport/proxy.ts';
import { type Route, routeTo } from '../../smartag/transport/route.ts';
import { codeOf } from '../../system-error.ts';
import { type Finding, ok } from './finding.ts';

/** A clock further off is refused (the documents say 15 and 31 minutes: the stricter). */
const MOST_SKEW = 15 * MINUTE;
/** A clock that is set by the network is never so far off. */
const SUSPECT_SKEW = MINUTE;

/** What is reached on the way to an answer, in this order, and what to do where it is not. */
const STEPS = {
  proxy: {
    wants: 'the proxy lets no connection through',
    advice:
      'Check the proxy: `proxy` of the configuration, else HTTPS_PROXY, HTTP_PROXY and NO_PROXY, with user and password.',
  },
  resolve: {
    wants: 'the name cannot be resolved',
    advice: 'Check the region or accounts[].endpoint, and the DNS of this machine.',
  },
  connect: {
    wants: 'no connection can be made',
    advice: 'Check firewall, routes and security groups between this machine and the endpoint.',
  },
  secure: {
    wants: 'TLS cannot be agreed on',
    advice:
      'Check the certificate: behind a proxy that opens TLS, name its authority in NODE_EXTRA_CA_CERTS.',
  },
  answer: {
    wants: 'no HTTP answer comes',
    advice: 'Check that the endpoint is the API, and what stands between.',
  },
} as const;

type Step = keyof typeof STEPS;

/** How far the way to an endpoint goes. */
interface Probe {
  /** The step that failed; absent when an answer came. */
  readonly failed?: { readonly step: Step; readonly reason: string };
  /** The Date header, in milliseconds since the epoch; absent without a readable one. */
  readonly date?: number;
  readonly proxied: boolean;
  /** When it was sent and answered, by our clock. */
  readonly sentAt: number;
  readonly answeredAt: number;
}

/** Looks whether an endpoint can be reached, step by step, and how far its clock is from ours. */
export async function checkEndpoint(
  endpoint: string,
  options: {
    readonly clock: Clock;
    /** Milliseconds all of it may take. */
    readonly timeout: number;
    readonly signal: AbortSignal;
  } & ProxyOptions,
): Promise<readonly Finding[]> {
  const { failed, date, proxied, sentAt, answeredAt } = await probe(endpoint, options);
  options.signal.throwIfAborted();
  if (failed) {
    const { wants, advice } = STEPS[failed.step];
    const text = `${endpoint}: ${wants} (${failed.reason})`;
    // As for the exporter, only a certain answer of the DNS counts.
    const isUnresolved = failed.step === 'resolve' && failed.reason === 'ENOTFOUND';
    return [{ verdict: 'FAIL', text, advice, ...(isUnresolved && { isUnresolved }) }];
  }
  const how = proxied ? 'reached through the proxy' : 'resolved, connected';
  const reached = ok(`${endpoint}: ${how} and answers in ${answeredAt - sentAt} ms`);
  return [reached, clockFinding(endpoint, date, (sentAt + answeredAt) / 2)];
}

function clockFinding(endpoint: string, date: number | undefined, ours: number): Finding {
  if (date === undefined)
    return ok(`${endpoint}: does not tell its time, so clocks are not compared`);
  // The header is cut to whole seconds: on average half of one is missing.
  const skew = ours - (date + SECOND / 2);
  const seconds = Math.round(Math.abs(skew) / SECOND);
  if (Math.abs(skew) < SUSPECT_SKEW) return ok(`clock: ${seconds} s from that of ${endpoint}`);
  const fatal = Math.abs(skew) > MOST_SKEW;
  return {
    verdict: fatal ? 'FAIL' : 'WARN',
    text: `clock: ${seconds} s ${skew > 0 ? 'ahead of' : 'behind'} that of ${endpoint}${fatal ? ', which refuses signatures so far off' : ''}`,
    advice: 'Set the clock of this machine, by NTP for instance.',
  };
}

/** Asks without parameters: the API refuses that, which is an answer too, and nothing is signed. */
async function probe(
  endpoint: string,
  options: Parameters<typeof checkEndpoint>[1],
): Promise<Probe> {
  const now = options.clock.now();
  let route: Route;
  try {
    route = routeTo(endpoint, { ...options, sockets: 1 });
  } catch (error) {
    if (!(error instanceof ProxySettingError)) throw error;
    const failed = { step: 'proxy', reason: error.message } as const;
    return { failed, proxied: true, sentAt: now, answeredAt: now };
  }
  try {
    return await probeBy(route, endpoint, options);
  } finally {
    route.agent.destroy();
  }
}

function probeBy(
  route: Route,
  endpoint: string,
  { clock, timeout, signal }: Parameters<typeof checkEndpoint>[1],
): Promise<Probe> {
  const secure = endpoint.startsWith('https:');
  const { proxied } = route;
  const { request } = secure ? https : http;
  return new Promise((resolve) => {
    let step: Step = proxied ? 'proxy' : 'resolve';
    const sentAt = clock.now();
    const end = (result: Pick<Probe, 'failed' | 'date'>): void => {
      cancelTimer();
      resolve({ ...result, proxied, sentAt, answeredAt: clock.now() });
      sent.destroy();
    };
    const fail = (reason: string): void => end({ failed: { step, reason } });
    const cancelTimer = clock.after(timeout, () => fail(`nothing within ${timeout} ms`));
    const { hostname, port } = new URL(endpoint);
    const target = { host: hostname.replace(/^\[|\]$/g, ''), port, path: '/' };
    const sent = request(route.request({ ...target, agent: route.agent, signal }));
    sent.once('socket', (socket) => {
      // A tunnel is there before its socket is.
      if (proxied && secure) step = 'secure';
      socket.once('lookup', (error) => {
        if (!error && !proxied) step = 'connect';
      });
      socket.once('connect', () => {
        step = secure ? 'secure' : 'answer';
      });
      socket.once('secureConnect', () => {
        step = 'answer';
      });
    });
    sent.on('error', (error) => {
      const code = codeOf(error) || error.name;
      // An address instead of a name is not looked up.
      if (step === 'resolve' && !/^(ENOTFOUND|EAI_)/.test(code)) step = 'connect';
      fail(code);
    });
    sent.once('response', ({ headers, statusCode }) => {
      if (proxied && statusCode === 407) {
        step = 'proxy';
        return fail('407');
      }
      const date = Date.parse(headers.date ?? '');
      end(Number.isNaN(date) ? {} : { date });
    });
    sent.end();
  });
}
