import { type KeeperOptions, runKeeper } from './keeper.js';

// The only caller is connect.ts, which passes one JSON argument.
process.exitCode = await runKeeper(JSON.parse(process.argv[2] ?? '{}') as KeeperOptions);
process.exit();
