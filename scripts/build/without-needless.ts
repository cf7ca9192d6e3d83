import { readFileSync } from 'node:fs';
import type { Plugin } from 'rolldown';

interface Needless {
  /** CommonJS code that takes the package's place. */
  readonly standIn: string;
  /** The packages whose import of it is replaced. @default all */
  readonly loadedBy?: RegExp;
  readonly why: string;
}

/** Packages that other packages load at every start, for features that the program does not use. */
const NEEDLESS: Readonly<Record<string, Needless>> = {
  'body-parser': {
    standIn: 'module.exports = {};',
    loadedBy: /\/node_modules\/express\//,
    why: 'Express loads it for `express.json` and its like. The simulator, which needs it, loads it by itself.',
  },
  qs: {
    standIn: 'module.exports = {};',
    loadedBy: /\/node_modules\/(?:express|body-parser)\//,
    why: 'It parses extended queries and forms, of which the program reads none.',
  },
  debug: {
    standIn: 'module.exports = () => Object.assign(() => {}, { enabled: false });',
    why: 'It prints what DEBUG asks for, which may be keys and tokens. src/main.ts removes DEBUG for this reason.',
  },
};

/** The table of media types knows 2,500. The program sends and accepts these; Express knows no others. */
const MEDIA_TYPES = [
  'application/json',
  'application/octet-stream',
  'image/svg+xml',
  'text/css',
  'text/csv',
  'text/html',
  'text/javascript',
  'text/plain',
];

const PREFIX = '\0needless:';

/** Replaces packages, and the larger part of a table, that would make the start slower and are not used. */
export function withoutNeedless(): Plugin {
  return {
    name: 'without-needless',
    resolveId(source, importer = '') {
      const needless = Object.hasOwn(NEEDLESS, source) ? NEEDLESS[source] : undefined;
      const isReplaced = needless && (needless.loadedBy?.test(importer) ?? true);
      return isReplaced ? `${PREFIX}${source}` : null;
    },
    load(id) {
      if (id.startsWith(PREFIX)) return NEEDLESS[id.slice(PREFIX.length)]?.standIn ?? null;
      if (!id.endsWith('/node_modules/mime-db/db.json')) return null;
      const all = JSON.parse(readFileSync(id, 'utf8')) as Readonly<Record<string, unknown>>;
      const used = MEDIA_TYPES.map((type) => {
        if (!all[type]) throw new Error(`${id}: expected the media type ${type}`);
        return [type, all[type]] as const;
      });
      return { code: JSON.stringify(Object.fromEntries(used)), moduleType: 'json' };
    },
  };
}
