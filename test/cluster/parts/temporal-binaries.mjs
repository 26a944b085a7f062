import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { constants, homedir, setPriority } from 'node:os';
import { join } from 'node:path';

const VERSION = '1.32.1';
/** Go's name of each binary → ours. */
const PROGRAMS = { 'cmd/server': 'temporal-server', 'cmd/tools/sql': 'temporal-sql-tool' };

/** Cache of binaries outside the checkout, like the product's. */
const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'sample-embeddings');

/**
 * Returns the paths of the real Temporal server and its SQL tool. If they are not in the user's cache, builds them once
 * from the Go module proxy, in five to ten minutes. Throws an error that says what is missing.
 */
export function temporalBinaries(log) {
  const folder = join(cache, `temporal-server-${VERSION}`);
  mkdirSync(folder, { recursive: true });
  const paths = {};
  for (const [program, name] of Object.entries(PROGRAMS)) {
    paths[name] = join(folder, name);
    if (!existsSync(paths[name])) build(program, paths[name], folder, log);
  }
  return { server: paths['temporal-server'], sqlTool: paths['temporal-sql-tool'] };
}

function build(program, target, folder, log) {
  if (spawnSync('go', ['version']).status !== 0)
    throw new Error('Temporal is built by Go: install it (https://go.dev/dl), so that `go version` answers');
  const source = `go.temporal.io/server/${program}@v${VERSION}`;
  log(`Building ${source} (minutes, once)…`);
  const draft = mkdtempSync(join(folder, 'building-'));
  try {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
    const { status } = spawnSync('go', ['install', '-trimpath', '-ldflags=-s -w', source], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, GOBIN: draft },
    });
    if (status !== 0) throw new Error(`go install ${source} failed: see above`);
    chmodSync(join(draft, program.split('/').at(-1)), 0o755);
    renameSync(join(draft, program.split('/').at(-1)), target);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}
