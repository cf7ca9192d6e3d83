import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeBundle } from '../build/bundle.ts';
import { type BundledPackage, bundledPackages } from '../build/bundled-packages.ts';

/** Licences that may be passed on with a program under the Apache License 2.0. */
const ALLOWED = /^(?:MIT|ISC|BSD-[23]-Clause|Apache-2\.0|BlueOak-1\.0\.0|0BSD)$/;

interface LicensedPackage extends BundledPackage {
  readonly license: string;
  /** The licence texts in the package; empty if there are none. */
  readonly text: string;
}

/**
 * The page THIRD-PARTY-LICENSES.md: a table of the packages that the program contains, and each licence text once.
 *
 * @throws Error when a licence is not allowed
 */
export async function thirdPartyLicenses(): Promise<string> {
  const packages = bundledPackages(await makeBundle()).map(licensed);
  const texts = new Map<string, LicensedPackage[]>();
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

These packages come without a licence text; the table names the licence in their package.json:
${withoutText(packages).join(', ')}.

${sections.join('\n')}`;
}

/** The names of packages that have no file with a licence. */
function withoutText(packages: readonly LicensedPackage[]): readonly string[] {
  return packages.filter(({ text }) => text === '').map(({ name }) => name);
}

function licensed(each: BundledPackage): LicensedPackage {
  const { name, version, folder } = each;
  const license = each.license ?? 'unknown';
  if (!ALLOWED.test(license)) {
    throw new Error(`${name} ${version}: expected a licence that is allowed; got ${license}`);
  }
  const texts = readdirSync(folder)
    .filter((file) => /^(?:licen[cs]e|copying|notice)(?:[.-].*)?$/i.test(file))
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim());
  return { ...each, license, text: texts.join('\n\n') };
}
