import { join } from 'node:path';
import { sqldArguments, sqldProgram } from '../../support/sqld-program.mjs';

/** Returns the part for a libSQL server that accepts only tokens signed with our key. */
export const sqld = (folder, { ports, publicKey }) => ({
  name: 'sqld',
  port: ports.sqld,
  command: [sqldProgram(), ...sqldArguments(join(folder, 'sqld'), ports.sqld)],
  env: { PATH: process.env.PATH, SQLD_AUTH_JWT_KEY: publicKey },
  healthy: async () => (await fetch(`http://127.0.0.1:${ports.sqld}/health`)).ok,
});
