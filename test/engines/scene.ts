import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Client, createClient, type InStatement, type Row } from '@libsql/client';
import ts from 'typescript';
import { zeroTotals } from '../../src/contract/progress.js';
import type { Attempt, BatchCommit, RunRow, Settlement, VectorRow } from '../../src/engines/types.js';
import { SQLITE_PACKAGE } from '../../src/sqlite.js';
import { startSqld } from '../support/sqld.js';

/** A kind of database, and how a test gets an empty one. */
export interface Backend {
  name: 'file' | 'sqld';
  start(): Promise<void>;
  /** An empty database's TURSO_DATABASE_URL. */
  empty(): Promise<string>;
  stop(): Promise<void>;
}

export const temporary = (): string => mkdtempSync(join(tmpdir(), 'sample-embeddings-store-'));

function fileBackend(): Backend {
  let folder = '';
  let count = 0;
  return {
    name: 'file',
    async start() {
      folder = temporary();
    },
    empty: async () => `file:${join(folder, `${++count}.db`)}`,
    async stop() {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function sqldBackend(): Backend {
  let server: Awaited<ReturnType<typeof startSqld>> | undefined;
  return {
    name: 'sqld',
    async start() {
      server = await startSqld();
    },
    async empty() {
      const url = server?.url ?? '';
      const views = await raw(url, `SELECT name FROM sqlite_master WHERE type = 'view'`);
      for (const { name } of views) await raw(url, `DROP VIEW "${name}"`);
      const names = await raw(url, `SELECT name FROM sqlite_master WHERE type = 'table'`);
      // A virtual table takes its own along.
      const ours = names
        .map((row) => String(row.name))
        .filter((name) => !/^((sqlite|libsql)_|sample_texts_(\d+_)?[a-z])/.test(name));
      for (const name of ours) await raw(url, `DROP TABLE "${name}"`);
      return url;
    },
    async stop() {
      await server?.stop();
    },
  };
}

export const backends = (): Backend[] => [fileBackend(), sqldBackend()];

/** One statement by a client of its own, past the store. */
export async function raw(url: string, statement: InStatement): Promise<Row[]> {
  const client: Client = createClient({ url, timeout: 5000 });
  try {
    return (await client.execute(statement)).rows;
  } finally {
    client.close();
  }
}

export const EARLY = '2026-11-23T04:00:00.000Z';
export const LATE = '2026-11-23T05:00:00.000Z';
export const MODEL = 'openai/text-embedding-3-small';

/** Little-endian float32 that differ by seed; -0 and the smallest denormal are among them. */
export function vectorOf(seed: number, dimensions = 8): Uint8Array {
  const bytes = new Uint8Array(dimensions * 4);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < dimensions; at++) view.setFloat32(at * 4, Math.sin(seed * 31 + at), true);
  view.setFloat32(0, -0, true);
  view.setUint32(4, 1, true);
  return bytes;
}

export const vectorRow = (sampleId: number, more: Partial<VectorRow> = {}): VectorRow => ({
  sampleId,
  text: `text ${sampleId}`,
  contentHash: `hash-${sampleId}`,
  vector: vectorOf(sampleId),
  ...more,
});

export const attempt = (requestId: string, more: Partial<Attempt> = {}): Attempt => ({
  requestId,
  runId: 'run-1',
  batchId: 'batch-1',
  model: MODEL,
  operation: 'embeddings',
  boundNanos: 1000,
  hashes: [],
  ...more,
});

export const settlement = (requestId: string, more: Partial<Settlement> = {}): Settlement => ({
  requestId,
  status: 'settled',
  tokens: 100,
  costNanos: 2000,
  costSource: 'provider',
  ...more,
});

export const batch = (more: Partial<BatchCommit> = {}): BatchCommit => ({
  runId: 'run-1',
  batchId: 'batch-1',
  model: MODEL,
  runStartedAt: EARLY,
  fence: 0,
  vectors: [],
  copies: [],
  failures: [],
  settlements: [],
  notedDelta: 0,
  ...more,
});

export const failure = (sampleId: number, more: Partial<BatchCommit['failures'][number]> = {}) => ({
  sampleId,
  reason: 'Rejected',
  message: 'the provider said "no"',
  contentHash: `hash-${sampleId}`,
  permanent: true,
  attempts: 3,
  ...more,
});

export const run = (
  more: Partial<Omit<RunRow, 'updatedAt' | 'totals'>> & {
    sequence?: number;
    totals?: Partial<RunRow['totals']>;
  } = {},
): Omit<RunRow, 'updatedAt'> & { sequence: number } => ({
  runId: 'run-1',
  workflowId: 'embed-samples',
  request: '{}',
  state: 'running',
  reason: null,
  startedAt: EARLY,
  sequence: 0,
  ...more,
  totals: { ...zeroTotals(), ...more.totals },
});

/** What the old script made. */
export const OLD_TABLE = [
  `CREATE TABLE sample_embeddings (sample_id INTEGER PRIMARY KEY, vibe_vector BLOB NOT NULL,
    embedding_source TEXT, created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP)`,
  'CREATE INDEX idx_sample_embeddings_created ON sample_embeddings(created_at)',
];

/** The store as JavaScript that a process of its own can import; the folder of its entry point. */
export function compiledStore(folder: string): string {
  const root = process.cwd();
  const sourcesOf = (room: string): string[] =>
    readdirSync(join(root, 'src', room), { encoding: 'utf8', recursive: true }).map(
      (name) => `${room}/${name}`,
    );
  for (const name of [
    'fault.ts',
    ...sourcesOf('contract'),
    ...sourcesOf('engines'),
    ...sourcesOf('outgoing'),
  ]) {
    if (!name.endsWith('.ts')) continue;
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    const { outputText } = ts.transpileModule(readFileSync(join(root, 'src', name), 'utf8'), {
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
    });
    writeFileSync(join(folder, name.replace(/\.ts$/, '.js')), outputText);
  }
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

/** What another process, with another SQLite, reads in the file. */
export function readElsewhere(path: string, sql: string): unknown[] {
  const script = `const db = new (require('${SQLITE_PACKAGE}'))(process.argv[1], { readonly: true });
    console.log(JSON.stringify(db.prepare(process.argv[2]).all()))`;
  return JSON.parse(execFileSync(process.execPath, ['-e', script, path, sql], { encoding: 'utf8' }));
}
