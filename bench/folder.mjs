/**
 * `npm run bench:folder`: a folder of short WAVs as a catalog, scanned for the first time, and again without changes.
 *   npm run bench:folder -- --files 100000
 * Each file has different sound data, a LIST INFO chunk, and an acid chunk if it is a loop. Each scan is a separate
 * process, so that its memory is measured alone.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '100000' },
    /** Audio frames in a file. */
    frames: { type: 'string', default: '4000' },
    look: { type: 'string' },
    index: { type: 'string' },
  },
});

if (values.look !== undefined) await look(values.look, values.index);
else main();

async function look(root, indexFile) {
  const { bringUpToDate } = await import('../dist/sources/folder/index.js');
  const { added, unchanged, samples, took } = await bringUpToDate({ roots: [root], indexFile });
  const memory = Math.round(process.resourceUsage().maxRSS / 1024);
  const { user, system } = process.cpuUsage();
  console.log(JSON.stringify({ added, unchanged, samples, took, memory, cpu: (user + system) / 1000 }));
}

function main() {
  const files = Number(values.files);
  const frames = Number(values.frames);
  const folder = mkdtempSync(join(tmpdir(), 'sample-embeddings-bench-folder-'));
  try {
    const room = statfsSync(folder);
    const need = files * (Math.ceil((2 * frames + 300) / 4096) * 4096 + 1024);
    if (room.bavail * room.bsize < 2 * need || (room.files > 0 && room.ffree < 2 * files)) {
      console.error(`${folder} has no room for ${files} files (${Math.round(need / 1e6)} MB)`);
      process.exitCode = 1;
      return;
    }
    makeFiles(join(folder, 'Samples'), files, frames);
    const first = measure(folder);
    const second = measure(folder);
    const speed = Math.round((1000 * files) / first.took);
    const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(2)} s`;
    const line = (ok, text) => console.log(`${ok ? 'ok    ' : 'MISSED'} ${text}`);
    line(first.added === files && second.unchanged === files, `${first.samples} samples`);
    line(
      speed >= 1500,
      `first look: ${speed} files/s, ${seconds(first.took)} (CPU ${seconds(first.cpu)}; goal 1,500/s)`,
    );
    line(second.took <= 5000, `second look: ${seconds(second.took)} (CPU ${seconds(second.cpu)}; goal 5 s)`);
    line(
      Math.max(first.memory, second.memory) <= 250,
      `memory at most ${first.memory} MB, then ${second.memory} MB (goal 250 MB)`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function measure(folder) {
  const { status, stdout } = spawnSync(
    process.execPath,
    [
      fileURLToPath(import.meta.url),
      ...['--look', join(folder, 'Samples'), '--index', join(folder, 'index.db')],
    ],
    { stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`the look ended with ${status}`);
  return JSON.parse(stdout);
}

/** Creates packs of 500 files, each in five folders. */
function makeFiles(root, files, frames) {
  const words = ['Kick', 'Snare', 'Hat', 'Bass', 'Pad'];
  for (let at = 0; at < files; at++) {
    const pack = `Pack ${Math.floor(at / 500)}`;
    const word = words[Math.floor((at % 500) / 100)];
    const path = join(root, pack, `${word}s`);
    if (at % 100 === 0) mkdirSync(path, { recursive: true });
    writeFileSync(
      join(path, `ABC_${word}_${String(at % 100).padStart(3, '0')}_128_Fmin.wav`),
      wav(at, frames),
    );
  }
}

function wav(seed, frames) {
  const sound = Buffer.alloc(2 * frames);
  for (let at = 0, state = seed + 1; at < frames; at++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    sound.writeInt16LE(state >> 16, 2 * at);
  }
  const format = Buffer.alloc(16);
  format.writeUInt16LE(1, 0);
  format.writeUInt16LE(1, 2);
  format.writeUInt32LE(44_100, 4);
  format.writeUInt32LE(88_200, 8);
  format.writeUInt16LE(2, 12);
  format.writeUInt16LE(16, 14);
  const acid = Buffer.alloc(24);
  acid.writeUInt32LE(4, 12);
  acid.writeFloatLE(128, 20);
  const info = [
    Buffer.from('INFO'),
    chunk('IGNR', Buffer.from('Techno\0')),
    chunk('IART', Buffer.from('Bench\0')),
  ];
  const chunks = [
    chunk('fmt ', format),
    ...(seed % 2 === 0 ? [chunk('acid', acid)] : []),
    chunk('data', sound),
    chunk('LIST', Buffer.concat(info)),
  ];
  return chunk('RIFF', Buffer.concat([Buffer.from('WAVE'), ...chunks]));
}

function chunk(id, content) {
  const header = Buffer.alloc(8);
  header.write(id, 'latin1');
  header.writeUInt32LE(content.length, 4);
  return Buffer.concat([header, content, Buffer.alloc(content.length % 2)]);
}
