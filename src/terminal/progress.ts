import cliProgress from 'cli-progress';
import { createEta } from './eta.js';
import { costOf, count, percent, plain } from './format.js';
import { type LiveLine, liveLine } from './live-line.js';

export interface ProgressLine {
  done: number;
  /** The selected samples known so far. */
  total: number;
  costNanos: number;
  /** Answered requests whose cost is not in `costNanos`. */
  unpriced?: number;
  state: string;
  /** Why the run is not running. */
  detail?: string;
}

export interface Progress {
  update(line: ProgressLine): void;
  /** Writes a permanent line above the live one. */
  note(text: string): void;
  /** Ends the live line; without a terminal, writes the last line if it is not written yet. */
  stop(): void;
}

interface ProgressOptions {
  stream: NodeJS.WriteStream;
  isTTY: boolean;
  /** Used if the stream does not know its width; the stream's own follows a resized window. */
  columns: number;
  /** Text of the line; default: how many samples were processed, at what cost. */
  words?: (line: ProgressLine) => string;
  /** Milliseconds of a monotonic clock; for tests. */
  now?: () => number;
}

const PLAIN_EVERY_MS = 2000;
const STILL = new Set(['paused', 'blocked', 'completed', 'cancelled', 'failed']);

const processed = ({ done, total, state, detail, ...cost }: ProgressLine): string => {
  const shown =
    state === 'running' || state === 'completed'
      ? ''
      : ` ${state}${detail === undefined ? '' : `: ${plain(detail)}`}`;
  return `Processed ${count(done)}/${count(total)} (${percent(done, total)}) (${costOf(cost)})${shown}`;
};

/** Creates a live bar on a terminal; elsewhere plain lines without control codes, one about every two seconds. */
export const createProgress = (options: ProgressOptions): Progress =>
  options.isTTY ? liveBar(options) : plainLines(options);

function liveBar({
  stream,
  columns,
  words = processed,
  now = () => performance.now(),
}: ProgressOptions): Progress {
  const eta = createEta(now);
  const bar = new cliProgress.SingleBar({
    stream,
    hideCursor: true,
    clearOnComplete: false,
    format: (_options, _params, { line }: { line: LiveLine }) =>
      liveLine(line, stream.columns || columns, now()),
    gracefulExit: false,
  });
  let started = false;
  return {
    update(line) {
      const { done, total } = line;
      const moving = !STILL.has(line.state);
      const payload = {
        line: { words: words(line), done, total, etaMs: eta({ done, total, moving }), moving },
      };
      if (started) bar.update(line.done, payload);
      else bar.start(Math.max(line.total, 1), line.done, payload);
      started = true;
    },
    note(text) {
      // Overwrites the live line; the next frame is drawn below.
      stream.write(`\r\u001b[K${plain(text)}\n`);
    },
    stop: () => bar.stop(),
  };
}

function plainLines({ stream, words = processed, now = () => performance.now() }: ProgressOptions): Progress {
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
    note: (text) => void stream.write(`${plain(text)}\n`),
    stop() {
      if (latest !== null) write(latest);
    },
  };
}
