import { readEnergy } from '../readings/energy.js';
import { jsonOrText, type Note, readList, readText } from '../readings/field.js';
import { readTempo } from '../readings/tempo.js';
import type { SampleRow } from '../sources/types.js';
import { printfFixed } from './decimals.js';
import { noteBrokenBytes, storable } from './storable.js';

/** One text rendered from a sample, as it is sent and as it is stored. `notes` name fields left out as unusable. */
export interface SourceText {
  text: string;
  notes: string[];
}

/**
 * Renders the text of a sample, byte for byte as the earlier script wrote it: rows that it stored compare equal and are
 * not paid again. Never throws: content that cannot be used is left out and named in `notes`.
 */
export function renderSourceText(row: SampleRow): SourceText {
  const notes: string[] = [];
  const note: Note = (text) => notes.push(text);
  for (const [name, value] of Object.entries(row))
    if (name !== 'unreadable') noteBrokenBytes(name, value, note);
  const lines = [`Title: ${readText('title', row.title, note) ?? ''}`];
  const line = (label: string, value: string | null): void => {
    if (value !== null && value !== '') lines.push(`${label}: ${value}`);
  };

  line('Genre', readText('genre', row.genre, note));
  line('BPM', bpm(row, note));
  line('Key', readText('musical_key', row.musical_key, note));
  line('Mood', mood(row, note));
  line('Energy', energy(row, note));
  const textures = readList('texture_tags', row.texture_tags, note);
  if (textures !== null) lines.push(`Tags: ${textures.join(', ')}`);
  line('Description', description(row, note));
  const tags = readList('tags', row.tags, note);
  if (tags !== null) lines.push(`Sample Tags: ${tags.join(', ')}`);

  return { text: storable(lines.join('\n'), note), notes };
}

/** Both ends of a range are printed. */
function bpm(row: SampleRow, note: Note): string | null {
  const tempo = readTempo('bpm', row.bpm, note);
  if (tempo === null) return null;
  const from = printfFixed(tempo.from, 0);
  return tempo.from === tempo.to ? from : `${from}-${printfFixed(tempo.to, 0)}`;
}

function energy(row: SampleRow, note: Note): string | null {
  const value = readEnergy('energy_level', row.energy_level, note);
  return value === null ? null : printfFixed(value, 2);
}

function mood(row: SampleRow, note: Note): string | null {
  const primary = readText('mood_primary', row.mood_primary, note);
  const secondary = readText('mood_secondary', row.mood_secondary, note);
  return primary !== null && primary !== '' && secondary !== null && secondary !== ''
    ? `${primary}, ${secondary}`
    : primary;
}

function description(row: SampleRow, note: Note): string | null {
  const { json: value, text } = jsonOrText(row.characteristics);
  if (text !== null) return plainText(text, note);
  if (value === null) return null;
  if (typeof value !== 'object' || Array.isArray(value)) {
    note('characteristics: not an object');
    return null;
  }
  const analysis = Object.hasOwn(value, 'raw_analysis')
    ? (value as { raw_analysis: unknown }).raw_analysis
    : null;
  if (analysis === null || analysis === undefined || typeof analysis === 'string') return analysis ?? null;
  note('raw_analysis: not text');
  return null;
}

/** Returns the words of a person or a model; null for broken JSON. */
function plainText(text: string, note: Note): string | null {
  if (!/^\s*[[{]/.test(text)) return text.trim();
  note('characteristics: not JSON');
  return null;
}
