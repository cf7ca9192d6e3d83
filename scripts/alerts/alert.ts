import type { Text } from '../../grafana/source/text.ts';

/** A rule of an alert: its severity, when it fires, and for how long its expression must hold before. */
interface AlertRule {
  readonly severity: 'warning' | 'critical';
  readonly expr: string;
  readonly for: string;
  /** Explains `for`. */
  readonly comment?: Text;
}

/** An alert. If it has two severities, it has a rule for each, and both show the same texts. */
export interface Alert {
  readonly name: string;
  /** Explains the expression. */
  readonly comment?: Text;
  readonly rules: readonly AlertRule[];
  /** Go template of one line. */
  readonly summary: Text;
  /** Go template. A line break means a space in English, and nothing in Chinese. */
  readonly description: Text;
  /** Its page in the folder of the runbooks, without `.md`. */
  readonly runbook: string;
}

export interface AlertGroup {
  readonly name: string;
  readonly alerts: readonly Alert[];
}
