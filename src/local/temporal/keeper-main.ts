import { type KeeperOptions, runKeeper } from './keeper.js';

// The server's database, with what it writes beside it, is for nobody else to read.
process.umask(0o077);
// Both are its log: on a full disk the server goes on without one.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
// The only caller is connect.ts, which passes one JSON argument.
process.exitCode = await runKeeper(JSON.parse(process.argv[2] ?? '{}') as KeeperOptions);
process.exit();
