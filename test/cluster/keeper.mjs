/** `keeper.mjs FOLDER server|dev`: runs the cluster until SIGTERM. A kernel lock allows only one per folder. */
import { join } from 'node:path';
import { tryProcessLock } from '../../dist/local/process-lock.js';
import { startCluster } from './start-cluster.mjs';

const [folder, temporal] = process.argv.slice(2);
const lock = tryProcessLock(join(folder, 'keeper.lock'));
if (lock === null) {
  console.error('another keeper holds this cluster');
  process.exit(2);
}
const told = new Promise((resolve) => {
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, resolve);
});
try {
  const cluster = await startCluster({ folder, temporal, log: (line) => console.log(`… ${line}`) });
  console.log('up');
  await told;
  await cluster.stop();
  process.exit(0);
} catch (error) {
  console.error(`error: ${error.message}`);
  process.exit(1);
}
