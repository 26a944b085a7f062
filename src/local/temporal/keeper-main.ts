import { type KeeperOptions, runKeeper } from './keeper.js';

// Other users must not read the server's database and the files beside it.
process.umask(0o077);
// Both streams go to the log: on a full disk the server goes on without one.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
// The only caller is connect.ts, which passes one JSON argument.
process.exitCode = await runKeeper(JSON.parse(process.argv[2] ?? '{}') as KeeperOptions);
process.exit();
