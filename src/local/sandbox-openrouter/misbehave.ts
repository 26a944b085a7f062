import type { ServerResponse } from 'node:http';
import { sendJson } from './answer.js';
import type { ErrorAnswer, Fault } from './faults.js';

const DRIP_MS = 200;
const BLOCK_BYTES = 1 << 20;

function sendErrorAnswer(response: ServerResponse, fault: ErrorAnswer): void {
  const { status, retryAfter, message = `sandbox fault ${status}`, code = status, type, metadata } = fault;
  const headers = { ...fault.headers, ...(retryAfter !== undefined && { 'retry-after': retryAfter }) };
  if (fault.page === true) {
    response.writeHead(status, { 'content-type': 'text/html', ...headers });
    response.end(`<html><head><title>${message}</title></head><body></body></html>`);
    return;
  }
  const error = {
    code,
    message,
    ...(type !== undefined && { type }),
    ...(metadata !== undefined && { metadata }),
  };
  sendJson(response, status, { error }, headers);
}

/** Returns whether a fault comes after the work was done and charged. */
export const isAfterBilling = (fault: Fault): boolean =>
  fault.kind === 'reset-after-billing' ||
  ((fault.kind === 'status' || fault.kind === 'error-in-200') && fault.billed === true);

/**
 * Produces a fault that replaces the answer.
 * @returns the HTTP status that was sent, 0 when none was; null when this fault spoils an answer instead.
 */
export function misbehave(response: ServerResponse, fault: Fault): number | null {
  switch (fault.kind) {
    case 'status':
      sendErrorAnswer(response, fault);
      return fault.status;
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
    case 'reset-after-billing':
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
