import type { Host } from './host.ts';

/** Why a variable is ignored, and what to use instead. */
const IGNORED: Readonly<Record<string, string>> = {
  DEBUG:
    'the variable DEBUG is ignored, since libraries would print keys and tokens; use --log.level=debug',
  NODE_TLS_REJECT_UNAUTHORIZED:
    'the variable NODE_TLS_REJECT_UNAUTHORIZED is ignored: certificates are always checked; to trust more ' +
    'certificates, name a file with them in NODE_EXTRA_CA_CERTS',
};

/** Values of NODE_DEBUG for the parts of Node.js that print requests and replies. */
const PRINTS_TRAFFIC = /\*|http|tls|net|undici|stream|fetch/i;

/**
 * A sentence for each setting of the environment that weakens the program. Node.js reads NODE_DEBUG and
 * its own flags before the program starts, so the program can only warn of them.
 */
export function environmentWarnings({
  env,
  ignoredVariables,
  isInspected,
}: Pick<Host, 'env' | 'ignoredVariables' | 'isInspected'>): readonly string[] {
  const warnings = ignoredVariables.map(
    (name) => IGNORED[name] ?? `the variable ${name} is ignored`,
  );
  if (PRINTS_TRAFFIC.test(env['NODE_DEBUG'] ?? '')) {
    warnings.push(
      'because of the variable NODE_DEBUG, Node.js prints requests and replies, with their keys, tokens and ' +
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
