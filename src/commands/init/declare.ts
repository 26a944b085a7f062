import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CONFIG_NAMES, type ConfigDraft, findConfigFile } from '../../collections/config-file.js';
import { documentForm } from '../../collections/document-form.js';
import { loadEnvironmentSettings, loadSettings, required } from '../../config.js';
import { renderSample } from '../../domain/samples.js';
import { Fault, usageFault } from '../../fault.js';
import { refuseOtherCollection } from '../../hosting/existing-store.js';
import { openCatalogReadOnly } from '../../hosting/open-parts.js';
import { count } from '../../terminal/format.js';
import type { Console } from '../console.js';
import { ExitCode } from '../exit-codes.js';
import { writeWhole } from '../write-file.js';
import { declaredNames, type NewCollection, withCollection } from './config-text.js';

const SHOWN_SAMPLES = 10;

/**
 * Adds a collection to the configuration file in effect in this folder, or creates one here. Reads its first
 * samples before, and shows them as they would be embedded. Throws a usage Fault if a collection of that name exists, or
 * if its rows cannot be read: the file then stays as it was.
 */
export async function declare(
  host: NodeJS.Process,
  console: Console,
  collection: Omit<NewCollection, 'storeUrl'>,
  /** Further fields of the JSON answer. */
  answer: object = {},
): Promise<number> {
  const { name } = collection;
  const found = findConfigFile(host.cwd());
  const file = found ?? join(host.cwd(), CONFIG_NAMES[0]);
  const before = found === null ? null : readFileSync(file, 'utf8');
  const names = declaredNames(before);
  if (names.includes(name))
    throw usageFault(
      `${file} declares a collection ${name} already: change it there, or choose another name with --collection`,
    );
  const storeUrl = await storeFor(name, names);
  const source = withCollection(before, { ...collection, storeUrl });
  host.env.EMBEDDINGS_COLLECTION = name;
  // Read before the file is written: one that commands refuse would block all of them in this folder.
  const first = await firstTexts({ file, source });
  writeWhole(file, source);
  console.say(`${found === null ? 'Written' : `Collection ${name} added`}: ${file}`);
  show(console, first, { file, name, isOneOfMany: names.length > 0, answer });
  return ExitCode.Ok;
}

/** What a command shows of a collection: how many samples it has, and the texts of the first. */
interface FirstTexts {
  samples: number;
  texts: { id: number | string; text: string }[];
}
interface Shown {
  file: string;
  name: string;
  isOneOfMany: boolean;
  answer?: object;
}

/** Reads a declared collection and shows its first samples as they would be embedded, and the next command. */
export async function showFirstSamples(host: NodeJS.Process, console: Console, shown: Shown): Promise<void> {
  host.env.EMBEDDINGS_COLLECTION = shown.name;
  show(console, await firstTexts(null), shown);
}

function show(
  console: Console,
  { samples, texts }: FirstTexts,
  { file, name, isOneOfMany, answer }: Shown,
): void {
  console.say(`\n${count(samples)} samples. The first ${texts.length} as they would be embedded:\n`);
  for (const { id, text } of texts) console.say(`${id}\n${indented(text === '' ? '(nothing)' : text)}\n`);
  const next = `embeddings --dry-run --all${isOneOfMany ? ` --collection ${name}` : ''}`;
  console.say(`Edit the text in the file if something is missing. Next, see what it would cost: ${next}`);
  console.answer({ file, collection: name, ...answer, samples, texts });
}

/** Returns the URL of a new store. Null: the default store, if no other collection uses it. */
async function storeFor(name: string, others: readonly string[]): Promise<string | null> {
  const settings = loadEnvironmentSettings();
  const own = `file:${name}.embeddings.db`;
  if (others.length > 0 || settings.storeUrl === null) return own;
  try {
    await refuseOtherCollection({ ...settings, collection: { ...settings.collection, name } });
    return null;
  } catch (error) {
    if (error instanceof Fault) return own;
    throw error;
  }
}

/** Reads the collection that EMBEDDINGS_COLLECTION names. `draft`: from a configuration that is not written yet. */
async function firstTexts(draft: ConfigDraft | null): Promise<FirstTexts> {
  const settings = required(loadSettings(process.env, process.cwd(), draft), 'catalogUrl');
  const catalog = await openCatalogReadOnly(settings);
  try {
    const { samples } = await catalog.inspect();
    const rows = await catalog.readPage({ after: null, limit: SHOWN_SAMPLES });
    const form = documentForm(settings.collection);
    return {
      samples,
      texts: rows.map((row) => ({
        id: row.textId ?? row.id,
        text: renderSample(row, settings, form).text,
      })),
    };
  } finally {
    await catalog.close();
  }
}

const indented = (text: string): string =>
  text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
