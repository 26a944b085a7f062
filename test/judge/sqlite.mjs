import { createRequire } from 'node:module';

/** better-sqlite3 for the Node at hand: 13 crashes on Node 20, 12 aborts on Node from 24.19 on. */
const name = Number(process.versions.node.split('.')[0]) >= 22 ? 'better-sqlite3' : 'better-sqlite3-12';
export default createRequire(import.meta.url)(name);
