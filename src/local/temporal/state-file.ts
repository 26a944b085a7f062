import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Ports } from './ports.js';

/** The content of `<home>/temporal.json`. It stays when the server stops, for its ports; `leasePort` is 0 then. */
export interface KeeperState {
  address: string;
  uiUrl: string;
  leasePort: number;
  /** Needed to use the lease port; the file has mode 0600. */
  token: string;
  keeperPid: number;
  /** 0 while there is no server. */
  serverPid: number;
  ports: Ports;
}

/** Returns the files of one home folder. */
export const filesOf = (home: string) => ({
  state: join(home, 'temporal.json'),
  lock: join(home, 'keeper.lock'),
  log: join(home, 'temporal.log'),
  database: join(home, 'temporal.db'),
});

/** Null when there is none, or when this version did not write it. */
export function readState(home: string): KeeperState | null {
  try {
    const state = JSON.parse(readFileSync(filesOf(home).state, 'utf8')) as Partial<KeeperState>;
    const usable =
      [state.leasePort, state.keeperPid, state.ports?.grpc, state.ports?.ui].every(Number.isInteger) &&
      [state.address, state.uiUrl, state.token].every((value) => typeof value === 'string');
    return usable ? (state as KeeperState) : null;
  } catch {
    return null;
  }
}

/** Replaces the file as a whole, so that no reader sees half of it. */
export function writeState(home: string, state: KeeperState): void {
  const { state: file } = filesOf(home);
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, `${JSON.stringify(state)}\n`, { mode: 0o600 });
  renameSync(temporary, file);
}
