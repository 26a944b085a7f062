import { readdirSync, readFileSync } from 'node:fs';
import { peakMemory } from '../scale/watch.mjs';

const TICKS_A_SECOND = 100;

/** Returns `root` and all processes below it, `root` first; only `root` where the system has no /proc. */
export function treeOf(root) {
  const parents = new Map(all().map(({ pid, parent }) => [pid, parent]));
  const tree = [root];
  for (const at of tree) for (const [pid, parent] of parents) if (parent === at) tree.push(pid);
  return tree;
}

/** Returns the tree's CPU seconds and the sum of its processes' peak resident memory; null where there is no /proc. */
export function usage(root) {
  const tree = new Set(treeOf(root));
  const alive = all().filter(({ pid }) => tree.has(pid));
  if (alive.length === 0) return { cpu: null, peak: null };
  return {
    cpu: alive.reduce((sum, { ticks }) => sum + ticks, 0) / TICKS_A_SECOND,
    peak: alive.reduce((sum, { pid }) => sum + (peakMemory(pid) ?? 0), 0),
  };
}

/** Sends SIGKILL to the whole tree, as when a machine or a container dies. */
export function killTree(root) {
  for (const pid of treeOf(root))
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // The process has already ended.
    }
}

function all() {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap(read);
  } catch {
    return [];
  }
}

function read(name) {
  try {
    // Fields after the name in brackets: state, parent, …; 11 to 14 are its own ticks and those of awaited children.
    const fields = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ').at(-1).split(' ');
    const ticks = fields.slice(11, 15).reduce((sum, each) => sum + Number(each), 0);
    return [{ pid: Number(name), parent: Number(fields[1]), ticks }];
  } catch {
    return [];
  }
}
