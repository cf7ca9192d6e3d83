import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));

/** Licences that may be passed on with a program under the Apache License 2.0. */
const ALLOWED = /^(?:MIT|ISC|BSD-[23]-Clause|Apache-2\.0|BlueOak-1\.0\.0|0BSD)$/;

/** What a package forgot to say, and where it says so instead. */
const KNOWN: Readonly<Record<string, string>> = {};

interface LockFile {
  readonly packages: Readonly<
    Record<string, { readonly dev?: boolean; readonly optional?: boolean }>
  >;
}

interface Package {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  /** The texts it brings; empty: it has none. */
  readonly text: string;
}

/**
 * The page: a table of the packages that the lock file installs without development, and their texts,
 * each once.
 *
 * @throws Error when a licence is none of those allowed
 */
export function thirdPartyLicenses(): string {
  const packages = productionPackages();
  const texts = new Map<string, Package[]>();
  for (const each of packages) texts.set(each.text, [...(texts.get(each.text) ?? []), each]);
  const rows = packages.map(
    ({ name, version, license }) => `| ${name} | ${version} | ${license} |`,
  );
  const sections = [...texts]
    .filter(([text]) => text !== '')
    .map(([text, holders]) => {
      const names = holders.map(({ name, version }) => `${name} ${version}`).join(', ');
      return `## ${names}\n\n\`\`\`\n${text}\n\`\`\`\n`;
    });
  return `# Third-party licences

What is installed with sag-app-exporter; made by \`npm run third-party\` from the packages themselves.

| package | version | licence |
|---|---|---|
${rows.join('\n')}

${sections.join('\n')}`;
}

function productionPackages(): readonly Package[] {
  const lock = JSON.parse(readFileSync(join(PROJECT, 'package-lock.json'), 'utf8')) as LockFile;
  const packages = Object.entries(lock.packages)
    .filter(([path, { dev }]) => path !== '' && !dev)
    .map(([path]) => packageIn(join(PROJECT, path)));
  const once = new Map(packages.map((each) => [`${each.name} ${each.version}`, each]));
  return [...once.values()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

const keyOf = ({ name, version }: Package): string => `${name} ${version}`;

function packageIn(folder: string): Package {
  const said = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    readonly name: string;
    readonly version: string;
    readonly license?: string;
  };
  const license = said.license ?? KNOWN[said.name] ?? 'unknown';
  if (!ALLOWED.test(license)) {
    throw new Error(
      `${said.name} ${said.version}: expected a licence that is allowed; got ${license}`,
    );
  }
  const texts = readdirSync(folder)
    .filter((name) => /^(?:licen[cs]e|copying|notice)(?:[.-].*)?$/i.test(name))
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n').trim());
  return { name: said.name, version: said.version, license, text: texts.join('\n\n') };
}
