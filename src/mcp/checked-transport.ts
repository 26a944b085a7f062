import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import {
  isJSONRPCRequest,
  type JSONRPCMessage,
  type JSONRPCRequest,
} from '@modelcontextprotocol/sdk/types.js';
import { checkRequest } from './check-request.js';

/** Returns a transport that answers wrong requests by itself and passes the others on. */
export function checkedTransport(inner: Transport): Transport {
  const outer: Transport = {
    async start() {
      inner.onclose = () => outer.onclose?.();
      inner.onerror = (error) => outer.onerror?.(error);
      inner.onmessage = (message, extra) => {
        const answer = isJSONRPCRequest(message) ? checkRequest(message) : null;
        if (answer === null) outer.onmessage?.(withoutTask(message), extra);
        else inner.send(answer as JSONRPCMessage).catch((error: Error) => outer.onerror?.(error));
      };
      await inner.start();
    },
    send: (message, options) => inner.send(message, options),
    close: () => inner.close(),
  };
  return outer;
}

/** Removes `task`: the protocol has servers without tasks ignore it, and the SDK refuses it. */
function withoutTask<T extends JSONRPCMessage>(message: T): T {
  const { params } = message as Partial<JSONRPCRequest>;
  if (params?.task === undefined) return message;
  const { task: _, ...others } = params;
  return { ...message, params: others };
}
