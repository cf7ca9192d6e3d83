import { systemClock } from '../../clock.ts';
import { configOf } from '../config-source.ts';
import type { CommonFlags, ConfigFlags } from '../flags.ts';
import { clientOf } from '../one-shot/client-of.ts';
import { wholeFile } from '../one-shot/whole-file.ts';
import { CommandError, EXIT, type Host } from '../process/host.ts';
import { counted } from '../terminal/counted.ts';
import { visible, visibleJson } from '../terminal/visible-text.ts';
import { checkAccount } from './account.ts';
import { describeFinding, type Finding } from './finding.ts';
import { policyFor } from './ram-policy.ts';
import { reportText } from './report/report.ts';

/** Mode of the report's file. Only the user who runs doctor may read it, until that user passes it on. */
const READABLE_BY_OWNER = 0o600;

export interface DoctorFlags extends CommonFlags, ConfigFlags {
  readonly report?: string;
}

/** Checks everything that the exporter needs, step by step, and prints advice for each problem. */
export async function doctor(flags: DoctorFlags, host: Host): Promise<number> {
  const config = await configOf(flags, host);
  const write =
    flags.report === undefined
      ? undefined
      : await wholeFile(flags.report, host, { flag: '--report', mode: READABLE_BY_OWNER });
  const findings: Finding[] = [];
  try {
    for (const account of config.accounts) {
      host.stdout.write(`Account ${visible(account.name)}\n`);
      const client = clientOf(account, config, host);
      const { env, ending: signal } = host;
      const check = { account, config, client, env, clock: systemClock, signal };
      try {
        for await (const finding of checkAccount(check)) {
          findings.push(finding);
          host.stdout.write(describeFinding(finding));
        }
      } finally {
        client.close();
      }
    }
    if (write !== undefined) {
      await write(await reportText(config, host));
      host.stdout.write(
        `\nThe report is in ${visible(flags.report ?? '')}. It has no names, ids, addresses or keys; read it before you pass it on.\n`,
      );
    }
  } catch (error) {
    if (!host.ending.aborted) throw error;
    throw new CommandError('doctor was ended before it was done', EXIT.failed);
  }
  const missing = findings.flatMap((finding) => finding.missing ?? []);
  if (missing.length > 0) {
    host.stdout.write(
      `\nMissing permissions, as a RAM policy:\n${visibleJson(policyFor(missing))}\n`,
    );
  }
  const problems = countOf(findings, 'FAIL');
  const warnings = counted(countOf(findings, 'WARN'), 'warning');
  host.stdout.write(
    problems === 0
      ? `\nThe exporter can do its job: ${warnings}.\n`
      : `\nThe exporter cannot do its job: ${counted(problems, 'problem')}, ${warnings}.\n`,
  );
  return problems === 0 ? EXIT.done : EXIT.failed;
}

function countOf(findings: readonly Finding[], verdict: Finding['verdict']): number {
  return findings.filter((finding) => finding.verdict === verdict).length;
}
