import type { Path } from './path.ts';

/** Characters of a wrong value that are shown; the rest is cut. */
const MAX_SHOWN = 60;

export const HIDDEN = '<hidden>';

/** Keys whose value is secret at any path, because a key may be written in the wrong section. */
const SECRET_KEYS: readonly unknown[] = [
  'access_key_id',
  'access_key_secret',
  'security_token',
  // A private key, in a web configuration.
  'key',
];

/** Sections with only secret values: a user may have written a password instead of its hash. */
const SECRET_SECTIONS: readonly unknown[] = ['basic_auth_users'];

/**
 * Describes a wrong value, to follow "got". The content of lists and mappings is never shown, since it may
 * contain a secret.
 *
 * @param expanded whether the value contains the value of an environment variable
 */
export function describeValue(value: unknown, path: Path, expanded: boolean): string {
  if (value === undefined || value === null) return 'nothing';
  if (value === '') return '""';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (expanded || isSecret(value, path)) return HIDDEN;
  return typeof value === 'string' ? quote(value) : String(value);
}

/** Describes only the type of a value, where a section is expected: the content of a text would not help. */
export function describeType(value: unknown, path: Path): string {
  return typeof value === 'string' && value !== '' ? 'text' : describeValue(value, path, false);
}

/** A text with `@` may be a URL that contains a password. */
function isSecret(value: unknown, path: Path): boolean {
  const mayBeUrl = typeof value === 'string' && value.includes('@');
  return (
    mayBeUrl ||
    SECRET_KEYS.includes(path.at(-1)) ||
    path.some((step) => SECRET_SECTIONS.includes(step))
  );
}

function quote(text: string): string {
  const cut = text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
  return JSON.stringify(cut);
}
