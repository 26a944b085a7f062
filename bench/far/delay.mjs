/** A process that passes bytes on to a server on loopback, each so many milliseconds later. `node delay.mjs PORT MS` */
import { connect, createServer } from 'node:net';

const [port, ms] = process.argv.slice(2).map(Number);

/** In order, each chunk `ms` after it came; any number is on its way at a time. */
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
