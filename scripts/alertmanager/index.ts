import type { GeneratedFile } from '../generated-file.ts';
import { configurationFiles } from './configurations.ts';
import { templateFiles } from './templates.ts';

/** The examples for Alertmanager that are made from alertmanager.yml, and the message templates. */
export function alertmanagerFiles(): readonly GeneratedFile[] {
  return [...configurationFiles(), ...templateFiles()];
}
