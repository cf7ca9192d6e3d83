import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { pages } from '../../support/markdown.ts';
import { blocksOf } from '../../support/page-blocks.ts';
import { renderForDingTalk, type WebhookMessage } from '../../support/render-for-dingtalk.ts';
import { runAlertmanager } from '../../support/start-alertmanager.ts';
import { startHttpSink } from '../../support/start-http-sink.ts';
import { type Mail, startMailServer } from '../../support/start-mail-server.ts';

const FOLDER = fileURLToPath(new URL('../../../config/alertmanager/', import.meta.url));
const TEMPLATES = { en: 'sag-app.tmpl', 'zh-CN': 'sag-app.zh-CN.tmpl' };
const DINGTALK_TEMPLATES = { en: 'dingtalk.tmpl', 'zh-CN': 'dingtalk.zh-CN.tmpl' };
type Language = keyof typeof TEMPLATES;
const LANGUAGES = Object.keys(TEMPLATES) as readonly Language[];
const EXAMPLES = [
  ...['alertmanager', 'email', 'wecom', 'wecom-robot', 'feishu', 'dingtalk'],
  '../compose/alertmanager',
];

const PATIENCE = { timeout: 60_000, interval: 200 };
const EXTERNAL_URL = 'http://alertmanager.example.com:9093';
const LINK = `${EXTERNAL_URL}/#/alerts?filter=%7Balertname%3D%22SagAppUsersNearLimit%22%7D`;
const RUNBOOK = 'https://git.example.com/docs/runbooks/users-near-limit.md';
/** Rules of somebody else may have a path instead of an address. */
const RUNBOOK_PATH = 'docs/runbooks/users_near_limit.md';
/** Of the program that renders a message. The English messages follow it, the Chinese messages do not. */
const TIME_ZONE = 'Asia/Kolkata';
const MANY = 30;

/** What the name of an instance could do to a message. */
const HOSTILE =
  '"q\' <b>&amp; *x* _y_ `z` ~~s~~ [a](http://evil) <at id=all></at>\n# head | \\ {{ .Status }}';

/** Each account is a group of alerts, about which there is one message. */
const ALERTS = [
  alert('one', 'shanghai-office', 'sag-office'),
  ...Array.from({ length: MANY }, (_, index) =>
    alert('many', `分支机构 ${index}`, `sag-branch-${index}`),
  ),
  alert('hostile', HOSTILE, 'sag-hostile'),
];
const MESSAGES = ['one', 'many', 'hostile'].length;
/** The same alerts, and a group with alerts of two accounts, by a label that does not exist otherwise. */
const GROUPED_ALERTS = [
  ...ALERTS.map((each) => inGroup(each.labels.account, each)),
  inGroup('mixed', alert('first', 'shanghai-office', 'sag-office')),
  inGroup('mixed', alert('hostile', 'beijing-office', 'sag-beijing')),
];

function inGroup<T extends { readonly labels: object }>(group: string, { labels, ...rest }: T) {
  return { ...rest, labels: { ...labels, group } };
}

function alert(account: string, name: string, id: string) {
  return {
    labels: {
      alertname: 'SagAppUsersNearLimit',
      severity: account === 'many' ? 'warning' : 'critical',
      account,
      region_id: 'cn-shanghai',
      instance_id: id,
      name,
    },
    annotations: {
      summary: `SAG APP instance ${name} is full`,
      description: `100 of 100 users of ${name} are taken. No user can be added.`,
      runbook_url: account === 'hostile' ? RUNBOOK_PATH : RUNBOOK,
    },
  };
}

const example = (name: string): string => readFileSync(join(FOLDER, `${name}.yml`), 'utf8');

/** An example that reads the templates of a language from where they are. */
const inLanguage = (configuration: string, language: Language): string =>
  configuration.replace('templates/sag-app.tmpl', `${FOLDER}templates/${TEMPLATES[language]}`);

/** When the alerts began and ended. */
interface Times {
  readonly start: Date;
  readonly end: Date;
}

/** Runs Alertmanager, makes all alerts firing and then resolved, and waits for the messages on both. */
async function notify(
  configuration: string,
  messages: () => number,
  {
    alerts = ALERTS,
    groups = MESSAGES,
  }: { readonly alerts?: readonly object[]; readonly groups?: number } = {},
): Promise<Times> {
  const alertmanager = await runAlertmanager(configuration, {
    externalUrl: EXTERNAL_URL,
    timeZone: TIME_ZONE,
  });
  const post = async (times: { readonly startsAt: Date; readonly endsAt?: Date }) => {
    const { status } = await fetch(`http://${alertmanager.address}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(alerts.map((each) => ({ ...each, ...times }))),
    });
    expect(status).toBe(200);
  };
  const expectMessages = (count: number): Promise<void> =>
    vi.waitFor(() => expect(messages(), alertmanager.log()).toBe(count), PATIENCE);
  try {
    // Alertmanager gathers alerts for group_wait only if they have just begun.
    const start = new Date();
    await post({ startsAt: start });
    await expectMessages(groups);
    const end = new Date();
    await post({ startsAt: start, endsAt: end });
    await expectMessages(2 * groups);
    expect(alertmanager.log()).toBe('');
    return { start, end };
  } finally {
    await alertmanager.stop();
  }
}

/** The texts that the templates render, for a group of alerts. */
interface Rendered {
  readonly title: string;
  readonly text: string;
  readonly markdown: string;
}

/**
 * Has Alertmanager render the templates for itself and for alertmanager-webhook-adapter, by the integration
 * that has many fields. That adapter renders the same files with Go's own functions.
 *
 * @returns the texts by `group status`
 */
async function render(language: Language) {
  // Newer versions of Alertmanager read the answer.
  const sink = await startHttpSink(() => ({ ok: true }));
  const receiver = (name: string): string => `  - name: ${name}
    slack_configs:
      - api_url: ${sink.url}
        send_resolved: true
        color: '{{ .CommonLabels.group }} {{ .Status }}'
        title: '{{ template "prom.title" . }}'
        text: '{{ template "prom.text" . }}'
        fallback: '{{ template "prom.markdown" . }}'
`;
  const configuration = example('wecom')
    .replace('group_by: [alertname, account]', 'group_by: [alertname, group]')
    .replace(
      /^receivers:\n.*?^inhibit_rules:/ms,
      `receivers:\n${receiver('staff')}${receiver('on-call')}\ninhibit_rules:`,
    );
  const times = await notify(inLanguage(configuration, language), () => sink.received.length, {
    alerts: GROUPED_ALERTS,
    groups: MESSAGES + 1,
  });
  sink.stop();
  const messages = new Map<string, Rendered>(
    sink.received.map(({ body }) => {
      const { attachments } = JSON.parse(body) as {
        readonly attachments: readonly Readonly<Record<string, string>>[];
      };
      const [{ color = '', title = '', text = '', fallback: markdown = '' } = {}] = attachments;
      return [color, { title, text, markdown }];
    }),
  );
  return { times, messages };
}

/** A time as a message writes it, without its zone. */
const timeAt = (time: Date, minutesFromUtc: number): string =>
  new Date(time.getTime() + minutesFromUtc * 60_000).toISOString().slice(0, 19).replace('T', ' ');

/** What the messages about the account `one` say. */
const EXPECTED: Readonly<
  Record<Language, (times: Times) => Readonly<Record<'firing' | 'resolved', string>>>
> = {
  en: ({ start, end }) => {
    const local = (time: Date): string => `${timeAt(time, 330)} (UTC+05:30)`;
    return {
      firing: `🔴 SAG APP: 1 firing · SagAppUsersNearLimit · one

🔴 Critical: SAG APP instance shanghai-office is full
Details: 100 of 100 users of shanghai-office are taken. No user can be added.
Instance: shanghai-office (sag-office)
Since: ${local(start)}

What to do: ${RUNBOOK}

In Alertmanager: ${LINK}`,
      resolved: `🟢 SAG APP: 1 resolved · SagAppUsersNearLimit · one

🟢 Resolved: SAG APP instance shanghai-office is full
Details: 100 of 100 users of shanghai-office are taken. No user can be added.
Instance: shanghai-office (sag-office)
Since: ${local(start)}
Until: ${local(end)}

What to do: ${RUNBOOK}

In Alertmanager: ${LINK}`,
    };
  },
  'zh-CN': ({ start, end }) => {
    const beijing = (time: Date): string => `${timeAt(time, 480)}（UTC+08:00）`;
    return {
      firing: `🔴 SAG APP：1 条告警触发 · SagAppUsersNearLimit · one

🔴 严重：SAG APP instance shanghai-office is full
详情：100 of 100 users of shanghai-office are taken. No user can be added.
实例：shanghai-office（sag-office）
开始时间：${beijing(start)}

处理手册：${RUNBOOK}

在 Alertmanager 中查看：${LINK}`,
      resolved: `🟢 SAG APP：1 条告警恢复 · SagAppUsersNearLimit · one

🟢 已恢复：SAG APP instance shanghai-office is full
详情：100 of 100 users of shanghai-office are taken. No user can be added.
实例：shanghai-office（sag-office）
开始时间：${beijing(start)}
恢复时间：${beijing(end)}

处理手册：${RUNBOOK}

在 Alertmanager 中查看：${LINK}`,
    };
  },
};

/** The expected plain text as Markdown, which has the title elsewhere. */
const asMarkdown = (text: string): string =>
  text
    .replace(/^.*\n\n/, '')
    .replaceAll(/(\S)\n(?=\S)/g, '$1  \n')
    .replace(/^(\S+) (.+?)(?=[:：])/, '$1 **$2**')
    .replaceAll(/^(.+?)(?:: |：)(https?:.*)$/gm, '[$1]($2)');

const titleOf = (text: string): string => text.split('\n')[0] ?? '';

const oneLine = (text: string): string => text.replaceAll('\n', ' ');
const asPlainText = (text: string): string => oneLine(text).replaceAll('<', '＜');
const asEntities = (text: string): string =>
  oneLine(text).replaceAll(/[&<>*_~`[\]#|\\]/g, (each) => `&#${each.charCodeAt(0)};`);

/** Expects a message about many alerts to be short enough and to tell how many alerts it leaves out. */
function expectToFit(message: string, mostBytes: number): void {
  expect(Buffer.byteLength(message)).toBeLessThanOrEqual(mostBytes);
  const shown = message.split('sag-branch-').length - 1;
  const [, left] = /(?:not shown: |未显示的告警：)(\d+)/.exec(message) ?? [];
  expect(shown).toBeGreaterThan(4);
  expect(shown + Number(left)).toBe(MANY);
  expect(message).toContain(LINK);
  expect(message.split(RUNBOOK)).toHaveLength(2);
}

describe.each(LANGUAGES)('a message in %s', (language) => {
  let rendered: Awaited<ReturnType<typeof render>>;
  beforeAll(async () => {
    rendered = await render(language);
  }, PATIENCE.timeout);

  function message(group: string, status: 'firing' | 'resolved'): Rendered {
    const found = rendered.messages.get(`${group} ${status}`);
    if (!found) throw new Error(`no message about ${group} ${status}`);
    return found;
  }

  it.each(['firing', 'resolved'] as const)('about an alert that is %s', (status) => {
    const { title, text, markdown } = message('one', status);
    const expected = EXPECTED[language](rendered.times)[status];
    expect(text).toBe(expected);
    expect(title).toBe(titleOf(expected));
    expect(markdown).toBe(asMarkdown(expected));
  });

  it.each(['firing', 'resolved'] as const)('about many alerts that are %s', (status) => {
    const { title, text, markdown } = message('many', status);
    expect(title).toMatch(status === 'firing' ? /^🟠 .*30/ : /^🟢 .*30/);
    expectToFit(text, 2048);
    expect(Buffer.byteLength(text)).toBeGreaterThan(1500);
    expectToFit(markdown, 20_000);
  });

  it('shows every character of a value as text', () => {
    const { text, markdown } = message('hostile', 'firing');
    expect(text.split(asPlainText(HOSTILE))).toHaveLength(4);
    expect(markdown.split(asEntities(HOSTILE))).toHaveLength(4);
    const lines = (body: string): number => body.split('\n').length;
    expect(lines(text)).toBe(lines(message('one', 'firing').text));
    expect(lines(markdown)).toBe(lines(message('one', 'firing').markdown));
  });

  it('links to a runbook only by an address', () => {
    const { text, markdown } = message('hostile', 'firing');
    expect(text).toContain(RUNBOOK_PATH);
    expect(markdown).toContain(asEntities(RUNBOOK_PATH));
    expect(markdown).not.toContain(`](${RUNBOOK_PATH})`);
  });

  it('tells the account and the runbook of each alert that does not share them', () => {
    const { title, text, markdown } = message('mixed', 'firing');
    expect(title).toMatch(/2.* · SagAppUsersNearLimit$/);
    for (const body of [text, markdown]) {
      const [first = '', second = ''] = body
        .split('\n\n')
        .filter((part) => part.includes('office'));
      expect(first).toMatch(/(?:Account: |阿里云账号：)first/);
      expect(first).toContain(RUNBOOK);
      expect(second).toMatch(/(?:Account: |阿里云账号：)hostile/);
      expect(second).toContain('users');
      expect(second).not.toContain(RUNBOOK);
    }
  });
});

describe.each(EXAMPLES)('config/alertmanager/%s.yml', (name) => {
  const file = join(FOLDER, `${name}.yml`);

  it('is accepted by amtool', () => {
    const { status, stderr } = spawnSync('amtool', ['check-config', file], { encoding: 'utf8' });
    expect(status, stderr).toBe(0);
  });

  it.each([
    ['critical', 'on-call'],
    ['warning', 'staff'],
  ])('sends %s alerts to %s', (severity, receiver) => {
    const route = ['config', 'routes', 'test', `--config.file=${file}`];
    const { status, stdout } = spawnSync(
      'amtool',
      [...route, `--verify.receivers=${receiver}`, `severity=${severity}`],
      { encoding: 'utf8' },
    );
    expect(status, stdout).toBe(0);
  });
});

describe('config/alertmanager/wecom.yml', () => {
  it.each(LANGUAGES)('gets a token and sends messages in %s', async (language) => {
    const sink = await startHttpSink(({ pathname }) =>
      pathname.endsWith('/gettoken')
        ? { errcode: 0, errmsg: 'ok', access_token: 'TOKEN', expires_in: 7200 }
        : { errcode: 0, errmsg: 'ok' },
    );
    const requests = (path: string) =>
      sink.received.filter(({ url }) => url.pathname === `/cgi-bin/${path}`);
    const configuration = example('wecom').replace(
      'global:',
      `global:\n  wechat_api_url: ${sink.url}/cgi-bin/`,
    );
    const times = await notify(
      inLanguage(configuration, language),
      () => requests('message/send').length,
    );
    sink.stop();
    const [token] = requests('gettoken');
    expect(Object.fromEntries(token?.url.searchParams ?? [])).toEqual({
      corpid: 'WECOM_CORP_ID',
      corpsecret: 'WECOM_SECRET',
    });
    const sent = requests('message/send');
    expect(sent.map(({ url }) => url.search)).toEqual(sent.map(() => '?access_token=TOKEN'));
    const messages = sent.map(({ body }) => JSON.parse(body) as object);
    for (const status of ['firing', 'resolved'] as const) {
      expect(messages).toContainEqual(
        expect.objectContaining({
          touser: 'WECOM_ON_CALL',
          agentid: 'WECOM_AGENT_ID',
          msgtype: 'text',
          text: { content: EXPECTED[language](times)[status] },
        }),
      );
    }
    expect(messages).toContainEqual(expect.objectContaining({ touser: 'WECOM_STAFF' }));
  });
});

describe('config/alertmanager/email.yml', () => {
  it.each(LANGUAGES)('sends e-mails in %s', async (language) => {
    const server = await startMailServer();
    const secrets = await mkdtemp(join(tmpdir(), 'secrets-'));
    await writeFile(join(secrets, 'smtp-password'), 'secret');
    const configuration = example('email')
      .replace('SMTP_HOST:587', `${server.address}\n  smtp_require_tls: false`)
      .replaceAll('SMTP_USER', 'alerts@example.com')
      .replace('EMAIL_STAFF', 'staff@example.com')
      .replace('EMAIL_ON_CALL', 'on-call@example.com, second@example.com')
      .replace('/etc/alertmanager/secrets', secrets);
    const times = await notify(inLanguage(configuration, language), () => server.mails.length);
    server.stop();
    await rm(secrets, { recursive: true });
    expect(new Set(server.logins)).toEqual(new Set(['alerts@example.com secret']));
    for (const status of ['firing', 'resolved'] as const) {
      const expected = EXPECTED[language](times)[status];
      const mail = mailWith(server.mails, titleOf(expected));
      expect(mail.recipients).toEqual(['on-call@example.com', 'second@example.com']);
      expect(mail.parts['text/plain']?.trim()).toBe(expected);
      const html = mail.parts['text/html'] ?? '';
      expect(html).toContain(`<html lang="${language}">`);
      expect(textOfHtml(html)).toEqual(expect.arrayContaining([...wordsOf(expected)]));
      expect(html).toContain(`<a href="${RUNBOOK}">`);
      expect(html).toContain(`<a href="${LINK}">`);
    }
    const many = server.mails.find(({ subject }) => subject.endsWith('· many'));
    expect(many?.recipients).toEqual(['staff@example.com']);
    expect(many?.parts['text/html']?.split('sag-branch-')).toHaveLength(MANY + 1);
    const hostile = server.mails.find(({ subject }) => subject.endsWith('· hostile'));
    expect(hostile?.parts['text/html']).not.toMatch(/<b>|<at|href="docs/);
    expect(textOfHtml(hostile?.parts['text/html'] ?? '').join('\n')).toContain(HOSTILE);
  });
});

function mailWith(mails: readonly Mail[], subject: string): Mail {
  const mail = mails.find((each) => each.subject === subject);
  if (!mail) throw new Error(`no e-mail "${subject}": ${mails.map(({ subject }) => subject)}`);
  return mail;
}

/** The title, the summary, and each label and value of a message, of which an e-mail makes separate elements. */
const wordsOf = (text: string): readonly string[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line) =>
      /^\p{Emoji}/u.test(line) ? [line.replace(/^\S+ (?!SAG)/, '')] : line.split(/: |：/),
    )
    .filter((word) => !word.startsWith('http'));

/** The texts that a reader of an HTML page sees. */
function textOfHtml(html: string): readonly string[] {
  return html
    .split(/<[^>]+>/)
    .map((text) =>
      text
        .replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
        .replaceAll('&lt;', '<')
        .replaceAll('&gt;', '>')
        .replaceAll('&amp;', '&')
        .trim(),
    )
    .filter((text) => text !== '');
}

/** What an example sends to the local address of an adapter. */
async function sentToAdapter(name: string, address: string) {
  const sink = await startHttpSink();
  const times = await notify(
    example(name).replaceAll(address, sink.url),
    () => sink.received.length,
  );
  sink.stop();
  const requests = sink.received.map(({ url, body }) => ({
    path: `${url.pathname}${url.search}`,
    message: JSON.parse(body) as WebhookMessage,
  }));
  return {
    times,
    /** The request about an account. */
    about(account: string, status: 'firing' | 'resolved') {
      const found = requests.find(
        ({ message }) => message.commonLabels['account'] === account && message.status === status,
      );
      if (!found) throw new Error(`nothing sent about ${account} ${status}`);
      return found;
    },
  };
}

describe.each([
  ['feishu', 'channel_type=feishu&token=FEISHU_TOKEN'],
  ['wecom-robot', 'channel_type=weixin&msg_type=text&token=WECOM_KEY'],
])('config/alertmanager/%s.yml', (name, query) => {
  it('sends alerts to alertmanager-webhook-adapter', async () => {
    const sent = await sentToAdapter(name, 'http://localhost:8090');
    for (const status of ['firing', 'resolved'] as const) {
      const critical = sent.about('one', status);
      expect(critical.path).toBe(`/webhook/send?${query}_ON_CALL`);
      expect(critical.message).toMatchObject({
        version: '4',
        externalURL: EXTERNAL_URL,
        alerts: [{ ...alert('one', 'shanghai-office', 'sag-office'), status }],
      });
      expect(sent.about('many', status).path).toBe(`/webhook/send?${query}_STAFF`);
    }
  });
});

describe('config/alertmanager/dingtalk.yml', () => {
  let sent: Awaited<ReturnType<typeof sentToAdapter>>;
  beforeAll(async () => {
    sent = await sentToAdapter('dingtalk', 'http://localhost:8060');
  }, PATIENCE.timeout);

  const renderedFor = (language: Language, account: string, status: 'firing' | 'resolved') =>
    renderForDingTalk(
      `${FOLDER}templates/${DINGTALK_TEMPLATES[language]}`,
      sent.about(account, status).message,
      TIME_ZONE,
    );

  it('sends alerts to prometheus-webhook-dingtalk', () => {
    expect(sent.about('one', 'firing').path).toBe('/dingtalk/on-call/send');
    expect(sent.about('many', 'resolved').path).toBe('/dingtalk/staff/send');
  });

  it.each(LANGUAGES)('gives what the adapter shows in %s', (language) => {
    for (const status of ['firing', 'resolved'] as const) {
      const expected = EXPECTED[language](sent.times)[status];
      const { title, text } = renderedFor(language, 'one', status);
      expect(title).toBe(titleOf(expected));
      expect(text).toBe(`**${title}**\n\n${asMarkdown(expected)}`);
      const many = renderedFor(language, 'many', status);
      expectToFit(many.text, 20_000);
    }
    const { text } = renderedFor(language, 'hostile', 'firing');
    expect(text.split(asEntities(HOSTILE))).toHaveLength(4);
  });
});

describe('docs/notifications.md', () => {
  const blocks = pages()
    .filter(({ path }) => path === 'docs/notifications.md')
    .flatMap(blocksOf);
  const [prepare] = blocks.filter(({ text }) => text.startsWith('mkdir'));
  const written = blocks.filter(({ text }) => text.includes('amtool check-config'));

  it('writes a configuration for each channel', () => {
    expect(written).toHaveLength(EXAMPLES.length - 1);
  });

  it.each(written.map(({ line, text }) => [line, text] as const))(
    'has a block in line %i that replaces every placeholder, and can choose Chinese',
    async (_, text) => {
      const home = await mkdtemp(join(tmpdir(), 'home-'));
      const inChinese = text.replace(/^TEMPLATE=\S+ # For Chinese: /m, 'TEMPLATE=');
      const { status, stdout, stderr } = spawnSync(
        'bash',
        ['-euo', 'pipefail', '-c', `${prepare?.text}\n${inChinese}`],
        { cwd: join(FOLDER, '../..'), env: { ...process.env, HOME: home }, encoding: 'utf8' },
      );
      expect(status, `${stdout}${stderr}`).toBe(0);
      const folder = join(home, 'alertmanager');
      const files = readdirSync(folder).filter((name) => name.endsWith('.yml'));
      const texts = files.map((name) => readFileSync(join(folder, name), 'utf8')).join('');
      await rm(home, { recursive: true });
      expect(texts.match(/^(?! *#).*\b(?:SMTP|EMAIL|WECOM|FEISHU|DINGTALK)_[A-Z].*$/gm)).toBeNull();
      expect(/^ +- \S+\.zh-CN\.tmpl$/m.test(texts)).toBe(inChinese !== text);
    },
  );
});
