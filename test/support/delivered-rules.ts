import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RULE_FILES, ruleFileText } from './rule-files.ts';

/**
 * Copies the delivered rules into a folder and shortens their times, so that a test need not wait: `for` is
 * one second instead of minutes, and figures are old after ten seconds. Thresholds that are no times stay.
 *
 * @returns the paths of the copies
 */
export async function hurriedRules(folder: string): Promise<readonly string[]> {
  return Promise.all(
    RULE_FILES.map(async (file) => {
      const path = join(folder, file);
      const text = ruleFileText(file)
        .replaceAll(/^( +for:) \w+$/gm, '$1 1s')
        .replaceAll(/vector\(\d+ \* 60\)/g, 'vector(10)');
      await writeFile(path, text);
      return path;
    }),
  );
}
