import type { Plugin } from 'rolldown';

// Node.js 24 and newer warn of `url.parse()` (DEP0169) on standard error, unless its caller is in a folder
// node_modules. The code of bundled packages no longer is there, so they would spoil the log with that warning.

const NAME = '\0url';

/**
 * A CommonJS module like `url`, whose `parse` reads with the WHATWG parser. The base is for the request targets that
 * parseurl reads, which may be paths. `urlToHttpOptions` removes the brackets of IPv6 addresses, as `url.parse` does.
 */
const STAND_IN = `
const url = require('node:url');
module.exports = {
  ...url,
  parse(text) {
    const { href, ...parts } = url.urlToHttpOptions(new URL(text, 'http://localhost'));
    return Object.assign(new url.Url(), parts, { href, query: parts.search.slice(1) || null });
  },
};
`;

/** Gives the packages in the bundle a `url.parse` of which Node.js does not warn. */
export function withoutUrlParse(): Plugin {
  return {
    name: 'without-url-parse',
    resolveId: (source, importer = '') =>
      source === 'url' && importer.includes('/node_modules/') ? NAME : null,
    load: (id) => (id === NAME ? STAND_IN : null),
  };
}
