import { fileURLToPath } from 'node:url';

/** Path of the clone, with a slash at its end. */
export const PROJECT = fileURLToPath(new URL('../../', import.meta.url));

export const DIST = `${PROJECT}dist`;
