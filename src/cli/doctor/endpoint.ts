import http from 'node:http';
import https from 'node:https';
import { type Clock, MINUTE, SECOND } from '../../clock.ts';
import { type ProxyOptions, ProxySettingError } from '../../smartag/transport/proxy.ts';
import { type Route, routeTo } from '../../smartag/transport/route.ts';
import { codeOf } from '../../system-error.ts';
import { type Finding, ok } from './finding.ts';

/** The API refuses signatures of a clock that is further off. Its documents say 15 and 31 minutes; 15 is stricter. */
const MOST_SKEW = 15 * MINUTE;
/** A clock synchronized over the network (NTP) is never so far off. */
const SUSPECT_SKEW = MINUTE;

/** The steps of a request, in order. Each has the problem when the step fails, and what to do then. */
const STEPS = {
  proxy: {
    problem: 'the proxy refuses the connection',
    advice:
      'Check the proxy, its user and password: `proxy` in the configuration, else HTTPS_PROXY, HTTP_PROXY and NO_PROXY.',
  },
  resolve: {
    problem: 'the name cannot be resolved',
    advice: 'Check the region or accounts[].endpoint, and the DNS of this machine.',
  },
  connect: {
    problem: 'no connection can be made',
    advice: 'Check firewall, routes and security groups between this machine and the endpoint.',
  },
  secure: {
    problem: 'the TLS handshake fails',
    advice:
      'Check the certificate. If a proxy decrypts TLS, name the file with the certificate of its authority in NODE_EXTRA_CA_CERTS.',
  },
  answer: {
    problem: 'no HTTP answer arrives',
    advice:
      'Check that the endpoint is the API, and that no firewall or proxy in between holds back the answer.',
  },
} as const;

type Step = keyof typeof STEPS;

interface Probe {
  /** Absent when an answer came. */
  readonly failed?: { readonly step: Step; readonly reason: string };
  /** The Date header, in milliseconds since the epoch; absent without a valid one. */
  readonly date?: number;
  readonly proxied: boolean;
  /** Times of the request and its answer, by the clock of this machine. */
  readonly sentAt: number;
  readonly answeredAt: number;
}

/** Checks that an endpoint can be reached, and that its clock agrees with the one of this machine. */
export async function checkEndpoint(
  endpoint: string,
  options: {
    readonly clock: Clock;
    /** Milliseconds for the whole check. */
    readonly timeout: number;
    readonly signal: AbortSignal;
  } & ProxyOptions,
): Promise<readonly Finding[]> {
  const { failed, date, proxied, sentAt, answeredAt } = await probe(endpoint, options);
  options.signal.throwIfAborted();
  if (failed) {
    const { problem, advice } = STEPS[failed.step];
    const text = `${endpoint}: ${problem} (${failed.reason})`;
    // Other DNS errors may pass: like the exporter, skip a region only when its name does not exist.
    const isUnresolved = failed.step === 'resolve' && failed.reason === 'ENOTFOUND';
    return [{ verdict: 'FAIL', text, advice, ...(isUnresolved && { isUnresolved }) }];
  }
  const how = proxied ? 'reached through the proxy' : 'resolved, connected';
  const reached = ok(`${endpoint}: ${how} and answers in ${answeredAt - sentAt} ms`);
  return [reached, clockFinding(endpoint, date, (sentAt + answeredAt) / 2)];
}

function clockFinding(endpoint: string, date: number | undefined, ours: number): Finding {
  if (date === undefined)
    return ok(`${endpoint}: the answer has no Date header, so the clocks are not compared`);
  // The header has no fraction of a second, so on average it is half a second too early.
  const skew = ours - (date + SECOND / 2);
  const seconds = Math.round(Math.abs(skew) / SECOND);
  if (Math.abs(skew) < SUSPECT_SKEW) return ok(`clock: ${seconds} s from that of ${endpoint}`);
  const fatal = Math.abs(skew) > MOST_SKEW;
  return {
    verdict: fatal ? 'FAIL' : 'WARN',
    text: `clock: ${seconds} s ${skew > 0 ? 'ahead of' : 'behind'} that of ${endpoint}${fatal ? ', which refuses signatures so far off' : ''}`,
    advice: 'Set the clock of this machine, for example by NTP.',
  };
}

/** Sends an unsigned request without parameters. The API refuses it, and that is answer enough. */
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
    const cancelTimer = clock.after(timeout, () => fail(`no answer within ${timeout} ms`));
    const { hostname, port } = new URL(endpoint);
    const target = { host: hostname.replace(/^\[|\]$/g, ''), port, path: '/' };
    const sent = request(route.request({ ...target, agent: route.agent, signal }));
    sent.once('socket', (socket) => {
      // The socket of a proxied HTTPS request is handed out after the proxy has opened the tunnel.
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
      // An IP address is not looked up, so no lookup event has moved the step on.
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
