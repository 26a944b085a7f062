import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

/**
 * Restarts a worker and the command `generate --all`, like a process supervisor, until the command reports that the run
 * is completed.
 */
export function startCrew({ cli, worker }, random) {
  let over = false;
  /** Exits of the command without a kill: exit code and answer. */
  const ends = [];

  const command = async () => {
    while (!over) {
      const { code, signal } = await cli.start();
      const said = answerOf(cli.printed());
      if (signal === null) ends.push({ code, state: said?.state ?? null });
      if (signal === null && said?.state === 'completed') return said;
      await wait(random.integer(0, 600));
    }
    return null;
  };
  const labour = async () => {
    while (!over) {
      await worker.start();
      await wait(random.integer(0, 600));
    }
  };
  const working = labour();
  return {
    ends,
    /** Resolves with the command's answer once the run is completed. */
    completed: command(),
    async stop() {
      over = true;
      await Promise.all([cli.end('SIGTERM'), worker.end('SIGTERM')]);
      await working;
    },
  };
}

/** Returns what `--json` printed; null when the command was killed before. */
function answerOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

/** Runs the command once without kills: a sweep, or the second run that must change nothing. */
export async function runOnce({ cli }) {
  const { code } = await cli.start();
  return { code, ...answerOf(cli.printed()) };
}
