import type { Path } from './path.ts';

/** Longer values are cut. */
const LONGEST_VALUE = 60;

/** The word that stands for a value that must not be shown. */
export const HIDDEN = '<hidden>';

/** Keys whose value is secret wherever it stands, also at a wrong place. */
const SECRET_KEYS: readonly unknown[] = [
  'access_key_id',
  'access_key_secret',
  'security_token',
  // A private key, in a web configuration.
  'key',
];

/** Sections all of whose values are secret: by a slip a password may stand for its hash. */
const SECRET_SECTIONS: readonly unknown[] = ['basic_auth_users'];

/**
 * A wrong value the way "got ..." shows it. Lists and mappings are named, never shown, since a
 * secret may stand in them.
 */
export function describeValue(value: unknown, path: Path, expanded: boolean): string {
  if (value === undefined || value === null) return 'nothing';
  if (value === '') return '""';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (expanded || isSecret(value, path)) return HIDDEN;
  return typeof value === 'string' ? quote(value) : String(value);
}

/** The sort of a value, for where its content cannot help: a text that stands for a whole section. */
export function describeType(value: unknown, path: Path): string {
  return typeof value === 'string' && value !== '' ? 'text' : describeValue(value, path, false);
}

/** A text with an `@` may be a URL with a password in it. */
function isSecret(value: unknown, path: Path): boolean {
  const url = typeof value === 'string' && value.includes('@');
  return (
    url || SECRET_KEYS.includes(path.at(-1)) || path.some((step) => SECRET_SECTIONS.includes(step))
  );
}

function quote(text: string): string {
  const cut = text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
  return JSON.stringify(cut);
}
