import { mkdirSync, mkdtempSync, realpathSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { bringUpToDate, type ScanOptions, type ScanSummary } from '../../../src/sources/folder/index.js';
import { Database } from '../../../src/sqlite.js';
import { wav } from './sounds.js';

export interface Row {
  id: number;
  path: string;
  folder: string;
  file: string;
  root: string;
  title: string;
  [column: string]: unknown;
}

/** A folder of samples in a temporary place, and its index beside it. */
export class Library {
  readonly place = realpathSync(mkdtempSync(join(tmpdir(), 'sample-embeddings-folder-')));
  readonly root = join(this.place, 'Samples');
  readonly indexFile = join(this.place, 'home', 'folder.db');
  #seed = 0;

  constructor() {
    mkdirSync(this.root);
  }

  /** Writes a file below the root, by default a WAV like no other; an hour old, as one that nobody is copying. */
  add(path: string, content: Buffer | string = wav({ seed: ++this.#seed })): string {
    const file = join(this.root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    this.age(file, 3600);
    return file;
  }

  age(file: string | Buffer, seconds: number): void {
    const then = Date.now() / 1000 - seconds;
    utimesSync(file, then, then);
  }

  scan(options: Partial<ScanOptions> = {}): Promise<ScanSummary> {
    return bringUpToDate({ roots: [this.root], indexFile: this.indexFile, ...options });
  }

  rows(indexFile = this.indexFile): Row[] {
    const index = new Database(indexFile, { readonly: true });
    try {
      return index.prepare('select * from files order by path').all() as Row[];
    } finally {
      index.close();
    }
  }

  /** Ids by the path below the root. */
  ids(): Record<string, number> {
    return Object.fromEntries(
      this.rows().map(({ id, folder, file }) => [folder === '' ? file : `${folder}/${file}`, id]),
    );
  }

  remove(): void {
    rmSync(this.place, { recursive: true, force: true });
  }
}
