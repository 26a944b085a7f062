import { readFileSync, statfsSync, statSync } from 'node:fs';
import { blockedFault, type Fault } from '../../fault.js';
import { filesOf } from './state-file.js';

/** Bytes that Temporal's server needs free to start; it needs more than this. */
const LEAST_ROOM = 2_000_000;

const KEPT = 'It holds only the history of runs: vectors and the ledger of costs are in the store.';
const MOVE = (database: string): string =>
  `move ${database} and the files ${database}-wal and ${database}-shm beside it elsewhere, then run the command again: it buys only what is missing`;

const isDamaged = (database: string): string =>
  `its database ${database} is damaged. ${KEPT} Cure: ${MOVE(database)}`;

const isOnFullDisk = (database: string): string =>
  `the disk of ${database} is full. Cure: make room, then run the command again`;

/** Returns the Fault of a damaged database. `found`: SQLite's message. */
export const damaged = (database: string, found: string): Fault =>
  blockedFault(
    `The local Temporal server cannot work: ${isDamaged(database)} (${found.split('\n')[0]?.slice(0, 200)}).`,
  );

/** Messages in the log of Temporal's server, and their meaning for the user. */
const CAUSES: readonly { said: RegExp; explain(database: string): string }[] = [
  {
    said: /file is not a database|disk image is malformed|malformed database schema/i,
    explain: (database) => isDamaged(database),
  },
  {
    said: /no such (?:table|column)|has no column named/i,
    explain: (database) =>
      `its database ${database} is of another version of Temporal, or of another program. ${KEPT} Cure: ${MOVE(database)}`,
  },
  {
    said: /database or disk is full|no space left on device/i,
    explain: isOnFullDisk,
  },
  {
    said: /unable to open database file|readonly database|permission denied/i,
    explain: (database) =>
      `its database ${database} cannot be opened. Cure: let this user read and write it and its folder, then run the command again`,
  },
  {
    said: /database is locked/i,
    explain: (database) =>
      `another program has its database ${database} open. Cure: end that one, or set another EMBEDDINGS_HOME`,
  },
];

/** Returns the log's size in bytes. Later bytes belong to the start that begins now. */
export const logSize = (home: string): number =>
  statSync(filesOf(home).log, { throwIfNoEntry: false })?.size ?? 0;

/** Returns why a server did not come up, in one sentence with the cure. `since`: where its start begins in the log. */
export function startupFault(home: string, reason: string, since: number): Fault {
  const { log, database } = filesOf(home);
  const said = readLog(log, since);
  const known = CAUSES.map(({ said: pattern, explain }) => ({
    line: said.find((line) => pattern.test(line)),
    explain,
  })).find(({ line }) => line !== undefined);
  const last = said.filter((line) => /error|fatal|panic/i.test(line)).at(-1) ?? said.at(-1);
  const fault = (why: string): Fault => blockedFault(`The local Temporal server did not come up: ${why}.`);
  if (known !== undefined)
    return fault(
      `${known.explain(database)} (it said: ${shown(known.line ?? '')}; the whole log is in ${log})`,
    );
  if (isFull(home)) return fault(isOnFullDisk(database));
  const lastSaid = last === undefined ? '' : `; its last message: ${shown(last)}`;
  return fault(`${reason}${lastSaid}. Cure: read ${log}, correct what it names, then run the command again`);
}

/** Returns one sentence with the cure when the database's disk is full during a run; null: it has room. */
export function fullDisk(home: string): string | null {
  return isFull(home)
    ? `the disk of ${filesOf(home).database} is full. Make room, then the run goes on by itself; if it does not, run the command again`
    : null;
}

/** Checked directly, as a server on a full disk may end before it can log the cause. */
function isFull(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize < LEAST_ROOM;
  } catch {
    return false;
  }
}

const shown = (line: string): string =>
  line
    .replace(/^.*?failed starting server: /, '')
    .trim()
    .slice(0, 200);

function readLog(file: string, since: number): string[] {
  try {
    const bytes = readFileSync(file);
    // A log that was started anew meanwhile is shorter.
    const fresh = bytes.subarray(bytes.length >= since ? since : 0).toString('utf8');
    return fresh.split('\n').filter((line) => line.trim() !== '');
  } catch {
    return [];
  }
}
