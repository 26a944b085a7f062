import type { Socket } from 'node:net';

const LONGEST = 4_096;

/**
 * Calls `onLine` for each complete line. (node:readline would raise the socket's errors again, unhandled.) Cuts off a
 * peer that sends more than 4 KB without a newline, as it is none of our programs.
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
