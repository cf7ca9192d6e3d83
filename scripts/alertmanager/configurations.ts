import { type GeneratedFile, projectFile } from '../generated-file.ts';

const BASE = 'config/alertmanager/alertmanager.yml';

/** A configuration that has other receivers than the base. */
interface Variant {
  readonly path: string;
  /** Comment lines at the head of the file. */
  readonly comment: string;
  /** The sections before the routes. */
  readonly sections?: readonly string[];
  /** What a receiver sends to, as the YAML of its section. Without it, a receiver sends nothing. */
  readonly integration?: (receiver: string) => string;
}

const TEMPLATES = `# The language of the messages: sag-app.tmpl is English, sag-app.zh-CN.tmpl is Chinese.
templates:
  - templates/sag-app.tmpl`;

const URL_COMMENT = `# Alertmanager 0.26 and later can read the address with the key from a file instead: url_file.`;

/** The name of a receiver in a placeholder: STAFF, ON_CALL. */
const placeholder = (receiver: string): string => receiver.replace('-', '_').toUpperCase();

const VARIANTS: readonly Variant[] = [
  {
    path: 'config/alertmanager/email.yml',
    comment: '# Notifications by e-mail. Replace the words in capitals.',
    sections: [
      `global:
  # Port 587 starts TLS with STARTTLS. If your server has TLS from the start, on port 465, add
  # smtp_require_tls: false, because that setting is about STARTTLS only.
  smtp_smarthost: SMTP_HOST:587
  smtp_from: SMTP_USER
  smtp_auth_username: SMTP_USER
  # Before Alertmanager 0.27 this file must not end with a line break.
  smtp_auth_password_file: /etc/alertmanager/secrets/smtp-password`,
      TEMPLATES,
    ],
    integration: (receiver) => `    email_configs:
      - to: EMAIL_${placeholder(receiver)}
        headers: { Subject: '{{ template "sag_app.title" . }}' }
        html: '{{ template "sag_app.email" . }}'
        text: '{{ template "sag_app.text" . }}'
        send_resolved: true
`,
  },
  {
    path: 'config/alertmanager/wecom.yml',
    comment: `# Notifications by an application of your company in WeCom (企业微信), to its members. Alertmanager calls
# WeCom itself. Replace the words in capitals. For a group robot, use wecom-robot.yml.`,
    sections: [
      `global:
  wechat_api_corp_id: WECOM_CORP_ID
  # Alertmanager 0.31 and later can read the secret from a file instead: wechat_api_secret_file.
  wechat_api_secret: WECOM_SECRET`,
      TEMPLATES,
    ],
    integration: (receiver) => `    wechat_configs:
      - agent_id: WECOM_AGENT_ID
        # The ids of members, separated by |. For departments or tags, use to_party or to_tag.
        to_user: WECOM_${placeholder(receiver)}
        message: '{{ template "sag_app.text" . }}'
        send_resolved: true
`,
  },
  {
    path: 'config/alertmanager/wecom-robot.yml',
    comment: `# Notifications by group robots of WeCom (企业微信群机器人), through alertmanager-webhook-adapter, which renders
# the messages. Replace the words in capitals.
${URL_COMMENT}`,
    integration: (receiver) => `    webhook_configs:
      - url: http://localhost:8090/webhook/send?channel_type=weixin&msg_type=text&token=WECOM_KEY_${placeholder(receiver)}
`,
  },
  {
    path: 'config/alertmanager/feishu.yml',
    comment: `# Notifications by group robots of Feishu (飞书), through alertmanager-webhook-adapter, which renders the
# messages. Replace the words in capitals.
${URL_COMMENT}`,
    integration: (receiver) => `    webhook_configs:
      - url: http://localhost:8090/webhook/send?channel_type=feishu&token=FEISHU_TOKEN_${placeholder(receiver)}
`,
  },
  {
    path: 'config/alertmanager/dingtalk.yml',
    comment: `# Notifications by group robots of DingTalk (钉钉), through prometheus-webhook-dingtalk, which renders the
# messages and knows the robots: its own configuration is dingtalk-adapter.yml.`,
    integration: (receiver) => `    webhook_configs:
      - url: http://localhost:8060/dingtalk/${receiver}/send
`,
  },
  {
    path: 'config/compose/alertmanager.yml',
    comment: `# The configuration of Alertmanager for docker compose. It sends no notifications; http://localhost:9093 shows the alerts.`,
  },
];

/** The configurations, with the routes and the inhibit rules of the base: Alertmanager has no include. */
export function configurationFiles(): readonly GeneratedFile[] {
  const base = projectFile(BASE);
  const { route, inhibition } =
    /^(?<route>route:\n.*?)^receivers:\n.*?^(?<inhibition>inhibit_rules:\n.*)/ms.exec(base)
      ?.groups ?? {};
  if (route === undefined || inhibition === undefined) {
    throw new Error(`${BASE} must have route, receivers and inhibit_rules, in this order`);
  }
  const names = Array.from(base.matchAll(/^ {2}- name: (.+)$/gm), ([, name = '']) => name);
  return VARIANTS.map(({ path, comment, sections = [], integration = () => '' }) => {
    const receivers = names.map((name) => `  - name: ${name}\n${integration(name)}`);
    const parts = [...sections, route.trimEnd(), `receivers:\n${receivers.join('').trimEnd()}`];
    return { path, text: `${comment}\n${ORIGIN}\n${[...parts, inhibition].join('\n\n')}` };
  });
}

const ORIGIN = `# \`npm run alertmanager\` copies the routes and the inhibit rules from ${BASE}.`;
