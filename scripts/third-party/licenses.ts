import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));

/** Licences that may be passed on with a program under the Apache License 2.0. */
const ALLOWED = /^(?:MIT|ISC|BSD-[23]-Clause|Apache-2\.0|BlueOak-1\.0\.0|0BSD)$/;

/** Licences of packages whose package.json names none. */
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
  /** The licence texts in the package; empty if there are none. */
  readonly text: string;
}

/**
 * The page THIRD-PARTY-LICENSES.md: a table of the production packages in the lock file, and each licence
 * text once.
 *
 * @throws Error when a licence is not allowed
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
