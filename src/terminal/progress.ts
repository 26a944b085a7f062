import cliProgress from 'cli-progress';
import { count, duration, percent, plain, usd } from './format.js';

export interface ProgressLine {
  done: number;
  /** What is known of the selection so far. */
  total: number;
  costNanos: number;
  state: string;
  /** Why it is not running. */
  detail?: string;
}

export interface Progress {
  update(line: ProgressLine): void;
  /** Ends the live line; without a terminal, writes the last one if it was not written yet. */
  stop(): void;
}

interface ProgressOptions {
  stream: NodeJS.WriteStream;
  isTTY: boolean;
  columns: number;
  /** Epoch ms; for tests. */
  now?: () => number;
}

const SPINNER = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏';
const PLAIN_EVERY_MS = 2000;
/** What stands beside the bar, about. */
const BESIDE_BAR = 62;

const words = ({ done, total, costNanos, state, detail }: ProgressLine): string => {
  const shown =
    state === 'running' || state === 'completed'
      ? ''
      : ` ${state}${detail === undefined ? '' : `: ${plain(detail)}`}`;
  return `Processed ${count(done)}/${count(total)} (${percent(done, total)}) (${usd(costNanos)})${shown}`;
};

/** A live bar on a terminal; elsewhere plain lines without control codes, one about every two seconds. */
export const createProgress = (options: ProgressOptions): Progress =>
  options.isTTY ? liveBar(options) : plainLines(options);

function liveBar({ stream, columns, now = Date.now }: ProgressOptions): Progress {
  const begin = now();
  let first: number | null = null;
  let frame = 0;
  const bar = new cliProgress.SingleBar({
    stream,
    hideCursor: true,
    clearOnComplete: false,
    barsize: Math.max(8, Math.min(40, columns - BESIDE_BAR)),
    barCompleteChar: '━',
    barIncompleteChar: '─',
    format: '{spinner} {words} {bar} {share} {eta_words}',
    gracefulExit: false,
  });
  let started = false;
  return {
    update(line) {
      first ??= line.done;
      const made = line.done - first;
      const left = made > 0 ? duration(((now() - begin) / made) * (line.total - line.done)) : '-:--:--';
      const payload = {
        words: words(line),
        spinner: SPINNER[frame++ % SPINNER.length],
        share: `${line.total === 0 ? 0 : Math.floor((line.done / line.total) * 100)}%`,
        eta_words: line.state === 'running' ? left : '',
      };
      if (!started) bar.start(Math.max(line.total, 1), line.done, payload);
      started = true;
      bar.setTotal(Math.max(line.total, 1));
      bar.update(line.done, payload);
    },
    stop: () => bar.stop(),
  };
}

function plainLines({ stream, now = Date.now }: ProgressOptions): Progress {
  let written = Number.NEGATIVE_INFINITY;
  let last = '';
  let latest: ProgressLine | null = null;
  const write = (line: ProgressLine): void => {
    const text = words(line);
    if (text === last) return;
    last = text;
    written = now();
    stream.write(`${text}\n`);
  };
  return {
    update(line) {
      latest = line;
      if (now() - written >= PLAIN_EVERY_MS) write(line);
    },
    stop() {
      if (latest !== null) write(latest);
    },
  };
}
