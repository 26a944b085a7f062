/** Runs a contender as its own process: `child.mjs TASK` (JSON). With `watched` it waits before and after its work. */
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { load } from './contenders/index.mjs';

const task = JSON.parse(process.argv[2]);
const lines = task.watched ? createInterface({ input: process.stdin }) : null;
let begin = 0;
const say = async (what) => {
  if (lines === null) return;
  const heard = once(lines, 'line');
  process.stdout.write(`${JSON.stringify(what)}\n`);
  await heard;
};
/** Called before and after the work. In both, the process waits while its CPU and memory are read from outside. */
const hooks = {
  async before() {
    await say({ ready: true });
    begin = performance.now();
  },
  after: () => say({ seconds: (performance.now() - begin) / 1000 }),
};
try {
  const { prepare } = await load(task.name);
  const { whole, work, close } = await prepare(task);
  if (whole !== undefined) await whole(hooks);
  else {
    await hooks.before();
    await work();
    await hooks.after();
    await close();
  }
  process.exit(0);
} catch (error) {
  console.error(String(error).split('\n')[0]);
  process.exit(1);
}
