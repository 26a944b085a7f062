/**
 * The SQLite driver for the running Node: all code that opens a SQLite file with better-sqlite3 imports it from here.
 * (The store uses @libsql/client, whose native part is Node-API and works on every Node.)
 *
 * better-sqlite3 13 is Node-API with prebuilt files inside the package, and crashes on Node 20. better-sqlite3 12,
 * under the alias `better-sqlite3-12`, works on 20 and aborts on Node ≥ 24.19 when a Database is garbage-collected.
 */
import { createRequire } from 'node:module';
import type BetterSqlite3 from 'better-sqlite3';
import { usageFault } from './fault.js';

const major = Number(process.versions.node.split('.')[0]);

/** The package that works on this Node, as `require` finds it. */
export const SQLITE_PACKAGE = major >= 22 ? 'better-sqlite3' : 'better-sqlite3-12';

/** Throws a usage Fault when the driver is missing or its native part does not load. */
function load(): typeof BetterSqlite3 {
  try {
    const driver = createRequire(import.meta.url)(SQLITE_PACKAGE) as typeof BetterSqlite3;
    // The native part is loaded with the first database.
    new driver(':memory:').close();
    return driver;
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error)).split('\n')[0];
    const cure =
      major >= 22
        ? 'install again on this machine: remove node_modules, then npm install'
        : `use Node 22 or newer, which needs no compiler, or build it: npm rebuild ${SQLITE_PACKAGE} (Python, make and ` +
          'a C++ compiler; npm_config_nodedir names the folder that has include/node)';
    throw usageFault(
      `The SQLite driver ${SQLITE_PACKAGE} does not load on Node ${process.version} (${process.platform}-${process.arch}): ` +
        `${reason}. Cure: ${cure}`,
      error,
    );
  }
}

export const Database: typeof BetterSqlite3 = load();

/** The types, under better-sqlite3's names. */
export declare namespace Database {
  export type Database = BetterSqlite3.Database;
  export type Statement = BetterSqlite3.Statement;
}
