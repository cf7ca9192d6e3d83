import type { Host } from './host.ts';

/** Why a variable has no effect on this program, and what to use instead. */
const IGNORED: Readonly<Record<string, string>> = {
  DEBUG:
    'the variable DEBUG is ignored: libraries would print keys and tokens; use --log.level=debug',
  NODE_TLS_REJECT_UNAUTHORIZED:
    'the variable NODE_TLS_REJECT_UNAUTHORIZED is ignored: certificates are always checked; name the ' +
    'certificates to trust in a file of NODE_EXTRA_CA_CERTS',
};

/** Parts of Node.js that print what is sent and received. */
const PRINTING = /\*|http|tls|net|undici|stream|fetch/i;

/**
 * A sentence for each setting of the environment that weakens the program. Node.js has read NODE_DEBUG
 * and its own flags before the program begins, so the program can only warn of these.
 */
export function environmentWarnings({
  env,
  ignoredVariables,
  isInspected,
}: Pick<Host, 'env' | 'ignoredVariables' | 'isInspected'>): readonly string[] {
  const warnings = ignoredVariables.map(
    (name) => IGNORED[name] ?? `the variable ${name} is ignored`,
  );
  if (PRINTING.test(env['NODE_DEBUG'] ?? '')) {
    warnings.push(
      'the variable NODE_DEBUG has Node.js print requests and replies, with their keys, tokens and ' +
        'passwords, to stderr; unset it',
    );
  }
  if (isInspected) {
    warnings.push(
      "Node.js's inspector is open (--inspect): every program that can connect to it can read the keys and run code; " +
        'start without that flag',
    );
  }
  return warnings;
}
