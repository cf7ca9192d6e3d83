/** The words of a notification that do not come from its alerts, in one language. */
export interface Words {
  /** The BCP 47 tag of the language. */
  readonly language: string;
  /** The end of the names of the files in config/alertmanager/templates. */
  readonly extension: string;
  /** Of a Go template that prints a number: how many alerts are firing. */
  readonly firing: (count: string) => string;
  readonly resolvedCount: (count: string) => string;
  /** How many alerts are left out because the message would be too long. */
  readonly notShown: (count: string) => string;
  /** Stands between two numbers of alerts. */
  readonly comma: string;
  /** Stands between a word and its value. */
  readonly colon: string;
  /** Encloses what belongs to the word before it. */
  readonly brackets: readonly [string, string];
  readonly critical: string;
  readonly warning: string;
  /** An alert whose severity is neither critical nor warning. */
  readonly alert: string;
  readonly resolved: string;
  readonly details: string;
  readonly instance: string;
  readonly exporter: string;
  readonly account: string;
  readonly since: string;
  readonly until: string;
  readonly runbook: string;
  readonly allAlerts: string;
  /** A comment of the template file on how it writes times. */
  readonly timeComment: string;
  /** A Go template that prints a `time.Time`. */
  readonly time: string;
}

/** Hours, minutes and seconds are written alike in both languages. */
const LAYOUT = '"2006-01-02 15:04:05';
const EIGHT_HOURS_NS = 8 * 3600 * 1e9;

export const LANGUAGES: readonly Words[] = [
  {
    language: 'en',
    extension: 'tmpl',
    firing: (count) => `${count} firing`,
    resolvedCount: (count) => `${count} resolved`,
    notShown: (count) => `Alerts that are not shown: ${count}`,
    comma: ', ',
    colon: ': ',
    brackets: [' (', ')'],
    critical: 'Critical',
    warning: 'Warning',
    alert: 'Alert',
    resolved: 'Resolved',
    details: 'Details',
    instance: 'Instance',
    exporter: 'Exporter',
    account: 'Account',
    since: 'Since',
    until: 'Until',
    runbook: 'What to do',
    allAlerts: 'In Alertmanager',
    timeComment:
      'A time, in the time zone of the program that renders it (Alertmanager or the adapter).',
    time: `{{ .Local.Format ${LAYOUT} (UTC-07:00)" }}`,
  },
  {
    language: 'zh-CN',
    extension: 'zh-CN.tmpl',
    firing: (count) => `${count} 条告警触发`,
    resolvedCount: (count) => `${count} 条告警恢复`,
    notShown: (count) => `未显示的告警：${count} 条`,
    comma: '，',
    colon: '：',
    brackets: ['（', '）'],
    critical: '严重',
    warning: '警告',
    alert: '告警',
    resolved: '已恢复',
    details: '详情',
    instance: '实例',
    exporter: 'Exporter',
    account: '阿里云账号',
    since: '开始时间',
    until: '恢复时间',
    runbook: '处理手册',
    allAlerts: '在 Alertmanager 中查看',
    timeComment: '北京时间 (UTC+08:00)，与运行程序的时区无关。',
    time: `{{ (.UTC.Add ${EIGHT_HOURS_NS}).Format ${LAYOUT}" }}（UTC+08:00）`,
  },
];
