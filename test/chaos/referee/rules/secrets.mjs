import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { some } from '../violation.mjs';

/**
 * Rule: no canary secret in the files under `folders` (Temporal's history, the store, logs), in the output of
 * processes, or in the command lines seen while they ran.
 */
export function judgeSecrets({ secrets }) {
  if (secrets === undefined) return [];
  const { canaries, folders, output, argv } = secrets;
  const needles = canaries.flatMap(forms);
  const holds = (bytes) => needles.some((needle) => bytes.includes(needle));
  const files = folders.flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true }));
  const guilty = files
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .filter((path) => holds(readQuietly(path)));
  return [
    some('secret-in-file', 'files hold the API key', guilty),
    some(
      'secret-in-output',
      'processes printed the API key',
      Object.keys(output).filter((who) => holds(output[who])),
    ),
    some(
      'secret-in-argv',
      'command lines held the API key',
      [...argv].filter(holds).map((line) => line.slice(0, 60)),
    ),
  ];
}

/** Reads a file; a file that a server removes meanwhile counts as empty. */
function readQuietly(path) {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.alloc(0);
  }
}

/** Returns the secret as it is, and as base64 in each of the three alignments. */
function forms(secret) {
  const shifted = [0, 1, 2].map((shift) => {
    const text = Buffer.from(`${' '.repeat(shift)}${secret}`).toString('base64');
    // The first and last quartets also depend on the bytes before and after the secret.
    return text.slice(shift === 0 ? 0 : 4, text.length - 4);
  });
  return [secret, ...shifted];
}
