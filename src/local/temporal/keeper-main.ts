import { type KeeperOptions, runKeeper } from './keeper.js';

// The server's database, with what it writes beside it, is for nobody else to read.
process.umask(0o077);
// The only caller is connect.ts, which passes one JSON argument.
process.exitCode = await runKeeper(JSON.parse(process.argv[2] ?? '{}') as KeeperOptions);
process.exit();
