import { readdirSync, readFileSync } from 'node:fs';

const LOOK_MS = 250;

/** Collects every command line on this machine until stopped; none without /proc. */
export function watchArgv() {
  const seen = new Set();
  const look = () => {
    for (const pid of listProcesses()) seen.add(commandLine(pid));
  };
  look();
  const timer = setInterval(look, LOOK_MS);
  return {
    stop() {
      look();
      clearInterval(timer);
      return seen;
    },
  };
}

function listProcesses() {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

function commandLine(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}
