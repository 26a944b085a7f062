import type { ServerResponse } from 'node:http';
import { sendError } from './answer.js';
import type { Fault } from './faults.js';

const DRIP_MS = 200;
const BLOCK_BYTES = 1 << 20;

/**
 * Faults that need no answer of ours.
 * @returns the HTTP status that was sent, 0 when none was; null when this fault spoils an answer instead.
 */
export function misbehave(response: ServerResponse, fault: Fault): number | null {
  switch (fault.kind) {
    case 'status': {
      const after = fault.retryAfter === undefined ? undefined : { 'retry-after': fault.retryAfter };
      sendError(response, fault.status, fault.message ?? `sandbox fault ${fault.status}`, after);
      return fault.status;
    }
    case 'error-in-200':
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({ error: { code: fault.code, message: fault.message ?? 'sandbox fault' } }),
      );
      return 200;
    case 'html':
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<html><body>Bad day</body></html>');
      return 200;
    case 'redirect':
      response.writeHead(302, { location: '/elsewhere' });
      response.end();
      return 302;
    case 'reset':
      response.socket?.destroy();
      return 0;
    case 'hang':
      return 0;
    case 'drip': {
      response.writeHead(200, { 'content-type': 'application/json' });
      const timer = setInterval(() => response.write(' '), DRIP_MS);
      response.on('close', () => clearInterval(timer));
      return 200;
    }
    case 'huge': {
      response.writeHead(200, { 'content-type': 'application/json' });
      const block = Buffer.alloc(BLOCK_BYTES, 0x20);
      const pour = (): void => {
        while (!response.destroyed && response.write(block)) {}
      };
      response.on('drain', pour);
      pour();
      return 200;
    }
    default:
      return null;
  }
}
