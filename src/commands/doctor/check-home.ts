import { closeSync, mkdtempSync, openSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from '../../config.js';
import { usageFault } from '../../fault.js';
import { configuredTemporal } from '../../hosting/temporal.js';
import { openHomeFolder, ourFiles } from '../../local/home-folder.js';

/**
 * Creates EMBEDDINGS_HOME if it is missing, writes into it, and opens each of our files in it. With an external
 * Temporal nothing is written there, so nothing is checked.
 */
export async function checkHome(settings: Settings): Promise<string> {
  if (configuredTemporal(settings) !== null) return 'not needed: Temporal and its workers are elsewhere';
  const path = openHomeFolder(settings.home);
  try {
    rmdirSync(mkdtempSync(join(path, 'doctor-')));
  } catch (error) {
    throw usageFault(
      `nothing can be written into ${path} (${(error as Error).message}): let this user write there, or set another EMBEDDINGS_HOME`,
      error,
    );
  }
  const files = ourFiles(path);
  for (const file of files) {
    try {
      closeSync(openSync(file, 'r+'));
    } catch (error) {
      throw usageFault(
        `${file} cannot be opened for writing (${(error as Error).message}): make this user its owner, or move it elsewhere`,
        error,
      );
    }
  }
  return path;
}
