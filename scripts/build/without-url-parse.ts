import type { Plugin } from 'rolldown';

// Node.js 24 prints a warning (DEP0169) when code outside node_modules calls `url.parse()`. Bundled packages are
// outside, so the warning would appear in the log.

const NAME = '\0url';

/** A CommonJS module like `url`. Only the function `url.parse` warns; the method that it calls does not. */
const STAND_IN = `
const url = require('node:url');
module.exports = {
  ...url,
  parse: (...args) => new url.Url().parse(...args),
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
