/** `node delay.mjs PORT MS`: forwards bytes to a server on loopback, and its answers, each MS milliseconds later. */
import { connect, createServer } from 'node:net';

const [port, ms] = process.argv.slice(2).map(Number);

/** Forwards chunks in order, each `ms` after it came. Any number of chunks can be in flight. */
function later(from, to) {
  from.on('data', (chunk) => setTimeout(() => to.write(chunk), ms));
  from.on('end', () => setTimeout(() => to.end(), ms));
  from.on('error', () => to.destroy());
}

const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
  const upstream = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
  later(client, upstream);
  later(upstream, client);
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
