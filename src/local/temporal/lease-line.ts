import { connect, type Socket } from 'node:net';
import type { Served } from './lease-server.js';
import { eachLine } from './lines.js';
import type { KeeperState } from './state-file.js';

/** How long our own keeper may take to answer. It answers at once, but the machine may be slow. */
const FIRST_WORD_MS = 5_000;
const PEEK_MS = 500;

export interface HeldLease {
  served: Served;
  /** Ends the lease; resolves when the keeper has received that, or is gone. */
  end(): Promise<void>;
  /** Resolves when the connection has closed, by end() or because the keeper is gone. */
  ended: Promise<void>;
}

/** `gone`: there is no keeper of ours, or it is stopping. */
export type LeaseAnswer =
  | { is: 'held'; lease: HeldLease }
  | { is: 'refused'; reason: string }
  | { is: 'gone' };

/** Takes a lease. Waits at most `timeoutMs` for the server to serve. Never rejects. */
export function takeLease(state: KeeperState, timeoutMs: number): Promise<LeaseAnswer> {
  return new Promise((resolve) => {
    const socket = connect(state.leasePort, '127.0.0.1', () => socket.write(`${state.token} lease\n`));
    const ended = new Promise<void>((done) => socket.once('close', () => done()));
    const settle = (answer: LeaseAnswer): void => {
      clearTimeout(timer);
      if (answer.is !== 'held') socket.destroy();
      resolve(answer);
    };
    let timer = setTimeout(settle, Math.min(FIRST_WORD_MS, timeoutMs), { is: 'gone' });
    socket.on('error', () => undefined);
    ended.then(() => settle({ is: 'gone' }));
    eachLine(socket, (line) => {
      const [word = '', rest = ''] = split(line);
      if (word === 'wait') {
        clearTimeout(timer);
        timer = setTimeout(settle, timeoutMs, { is: 'gone' });
      } else if (word === 'failed') settle({ is: 'refused', reason: JSON.parse(rest) as string });
      else if (word === 'ready') {
        const served = servedOf(rest);
        if (served === null) return settle({ is: 'refused', reason: STRANGER });
        // A command that forgets to end its lease must still be able to exit.
        socket.unref();
        settle({ is: 'held', lease: { served, ended, end: () => bye(socket, ended) } });
      }
    });
  });
}

async function bye(socket: Socket, ended: Promise<void>): Promise<void> {
  if (socket.destroyed) return;
  socket.ref();
  const late = setTimeout(() => socket.destroy(), 2_000);
  socket.end('bye\n');
  await ended;
  clearTimeout(late);
}

/** Returns what is served now, or null; holds no lease. */
export function peek(state: KeeperState): Promise<Served | null> {
  return new Promise((resolve) => {
    const socket = connect(state.leasePort, '127.0.0.1', () => socket.write(`${state.token} peek\n`));
    let served: Served | null = null;
    socket.setTimeout(PEEK_MS, () => socket.destroy());
    socket.on('error', () => undefined).once('close', () => resolve(served));
    eachLine(socket, (line) => {
      const [word, rest = ''] = split(line);
      if (word === 'ready') served = servedOf(rest);
      socket.destroy();
    });
  });
}

/**
 * Accepts addresses on 127.0.0.1 only. The state file of a copied folder may name any port as its keeper's, and the
 * program that answers there must not send us, and our keys, to another machine.
 */
function servedOf(text: string): Served | null {
  const [, address, uiUrl] = SERVED.exec(text) ?? [];
  return address === undefined || uiUrl === undefined ? null : { address, uiUrl };
}

const SERVED = /^\{"address":"(127\.0\.0\.1:\d+)","uiUrl":"(http:\/\/127\.0\.0\.1:\d+)"\}$/;
const STRANGER = 'temporal.json was written by another version of this program; remove that file';

const split = (line: string): string[] => {
  const space = line.indexOf(' ');
  return space < 0 ? [line] : [line.slice(0, space), line.slice(space + 1)];
};
