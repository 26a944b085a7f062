import { connect } from 'node:http2';

const METHOD = '/temporal.api.workflowservice.v1.WorkflowService/DescribeNamespace';

/**
 * Returns whether a Temporal server on 127.0.0.1 answers for the namespace `default`. Uses plain HTTP/2 and twelve
 * bytes of protobuf, as loading Temporal's own client would cost the keeper 100 MB.
 */
export function isServing(port: number, timeoutMs = 2_000): Promise<boolean> {
  return new Promise((resolve) => {
    const session = connect(`http://127.0.0.1:${port}`);
    const finish = (serving: boolean): void => {
      clearTimeout(timer);
      session.destroy();
      resolve(serving);
    };
    const timer = setTimeout(() => finish(false), timeoutMs);
    session.on('error', () => finish(false));
    const request = session.request({
      ':method': 'POST',
      ':path': METHOD,
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    const judge = (headers: Record<string, unknown>): void => {
      const status = headers['grpc-status'];
      if (status !== undefined) finish(status === '0');
    };
    request.on('response', judge).on('trailers', judge);
    request.on('error', () => finish(false)).on('end', () => setImmediate(finish, false));
    request.resume();
    request.end(frame('default'));
  });
}

/** Returns a gRPC frame around a message whose field 1 is this string. */
function frame(text: string): Buffer {
  const message = Buffer.concat([Buffer.from([0x0a, text.length]), Buffer.from(text)]);
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}
