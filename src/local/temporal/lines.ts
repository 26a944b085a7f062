import type { Socket } from 'node:net';

const LONGEST = 4_096;

/**
 * Calls back with each complete line. (node:readline would raise the socket's errors again, as its own, unhandled.)
 * A peer that sends more than 4 KB without a newline is cut off: it is not one of ours.
 */
export function eachLine(socket: Socket, onLine: (line: string) => void): void {
  let rest = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
    if (rest.length > LONGEST) socket.destroy();
  });
}
