import { closeSync, openSync, truncateSync, writeSync } from 'node:fs';
import { request } from 'node:http';
import { chunk, fmt } from '../sound/files.js';

/** Bytes of sound: more than what the buffers between server and client hold. */
const LARGE = 64 * 1024 * 1024;

/** Writes a long WAV that takes no room on the disk: its sound is a hole. */
export function writeLongWav(path: string, bits: number): void {
  const format = fmt({ bits });
  const head = Buffer.concat([
    chunk('RIFF', Buffer.alloc(0), { size: 4 + format.length + 8 + LARGE }),
    Buffer.from('WAVE'),
    format,
    chunk('data', Buffer.alloc(0), { size: LARGE }),
  ]);
  const file = openSync(path, 'w');
  writeSync(file, head);
  closeSync(file);
  truncateSync(path, head.length + LARGE);
}

/**
 * Requests from a server on this machine, shortens the file once the answer has begun, and reads on. Returns how the
 * answer ended. `body`: JSON to send by POST; absent: GET.
 */
export const askAndShorten = (
  { port, path, body }: { port: number; path: string; body?: string },
  file: string,
): Promise<'whole' | 'cut'> =>
  new Promise((resolve, reject) => {
    const asking = request(
      {
        ...{ host: '127.0.0.1', port, path },
        ...(body !== undefined && { method: 'POST', headers: { 'content-type': 'application/json' } }),
      },
      (answer) => {
        answer.once('readable', () => {
          truncateSync(file, 100_000);
          answer.resume();
        });
        answer.once('end', () => resolve('whole'));
        answer.once('error', () => resolve('cut'));
      },
    );
    asking.once('error', reject);
    asking.end(body);
  });
