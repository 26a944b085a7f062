import type { AudioFacts, SourcedValue } from './facts.js';
import { takeTempo } from './tempo-and-key-tags.js';
import { textOf } from './text.js';

/** The column that each tag of the INFO list fills. */
const FIELDS: Record<string, 'title' | 'artist' | 'album' | 'genre' | 'words' | 'comments' | 'bpm'> = {
  INAM: 'title',
  TITL: 'title',
  IART: 'artist',
  IPRD: 'album',
  IGNR: 'genre',
  GNRE: 'genre',
  ICMT: 'comments',
  COMM: 'comments',
  IKEY: 'words',
  ISBJ: 'comments',
  IBPM: 'bpm',
  TBPM: 'bpm',
};

/** Reads the content of a LIST chunk. Ignores lists other than INFO. */
export function readInfo(content: Buffer, facts: AudioFacts): void {
  if (content.toString('latin1', 0, 4) !== 'INFO') return;
  for (let at = 4; at + 8 <= content.length; ) {
    const id = content.toString('latin1', at, at + 4);
    const size = content.readUInt32LE(at + 4);
    const value = textOf(content.subarray(at + 8, at + 8 + size));
    if (value !== undefined) take(id, { value, from: `RIFF INFO tag ${id}` }, facts);
    at += 8 + size + (size % 2);
  }
}

function take(id: string, said: SourcedValue, facts: AudioFacts): void {
  const field = FIELDS[id];
  if (field === undefined) return;
  if (field === 'words' || field === 'comments') facts[field].push(said);
  else if (field === 'bpm') takeTempo([said], facts);
  else facts[field] ??= said;
}
