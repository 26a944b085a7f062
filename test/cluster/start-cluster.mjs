import { fillCatalog } from './parts/catalog.mjs';
import { createDatabases, postgresql, query, urlOf } from './parts/postgresql.mjs';
import { provider, worker } from './parts/product.mjs';
import { sqld } from './parts/sqld.mjs';
import { openNamespace, temporalDevServer, temporalServer } from './parts/temporal.mjs';
import { openIdentity, writeSettings, writeState } from './state.mjs';
import { supervise } from './supervise.mjs';

/**
 * Starts every part in order, on loopback, with its data in `folder`; resolves once all workers, three by default, are
 * up. There, `cluster.json` lists what is running, and `cluster.env` has the product's settings.
 * `temporal`: the real `server` on PostgreSQL, or the `dev` server on a file.
 */
export async function startCluster({
  folder,
  temporal = 'server',
  workers = 3,
  samples,
  log = () => undefined,
}) {
  const identity = await openIdentity(folder);
  const parts = [];
  let ready = false;
  const tell = () => {
    const states = Object.fromEntries(parts.map((part) => [part.name, part.state()]));
    writeState(folder, { keeper: process.pid, temporal, ready, ports: identity.ports, parts: states });
  };
  const add = async (part, says) => {
    log(says);
    const supervised = supervise(part, { folder, onChange: tell });
    parts.push(supervised);
    await supervised.ready();
  };
  const stop = async () => {
    ready = false;
    // Stops in reverse order, so that workers can drain while the services that they need are up.
    const groups = [
      parts.filter(isWorker),
      ...parts
        .filter((part) => !isWorker(part))
        .reverse()
        .map((part) => [part]),
    ];
    for (const group of groups) await Promise.all(group.map((part) => part.stop()));
    tell();
  };
  try {
    await add(await postgresql(folder, identity), 'PostgreSQL');
    await createDatabases(identity);
    if (await isEmpty(identity))
      await fillCatalog(folder, identity, { ...(samples !== undefined && { samples }) });
    const makeTemporal = temporal === 'dev' ? temporalDevServer : temporalServer;
    await add(
      await makeTemporal(folder, identity, log),
      temporal === 'dev' ? "Temporal's dev server" : 'Temporal',
    );
    await openNamespace(identity, 'default');
    await add(sqld(folder, identity), 'sqld');
    await add(provider(folder, identity), 'sandbox OpenRouter');
    await Promise.all(
      Array.from({ length: workers }, (_, index) =>
        add(worker(folder, identity, index + 1), `worker ${index + 1}`),
      ),
    );
    ready = true;
    tell();
    return { env: writeSettings(folder, identity), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const isWorker = ({ name }) => name.startsWith('worker');

async function isEmpty(identity) {
  const [{ found }] = await query(urlOf(identity, 'library'), "select to_regclass('samples') as found");
  return found === null;
}
