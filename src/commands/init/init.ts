import { resolve } from 'node:path';
import { loadEnvironmentSettings } from '../../config.js';
import { Fault, usageFault } from '../../fault.js';
import { inShell } from '../../in-shell.js';
import { editEnv } from '../../settings/edit-env.js';
import { envFileOf, readEnvFile, readEnvText } from '../../settings/env-file.js';
import { inert } from '../../terminal/inert.js';
import { isInteractive } from '../confirm.js';
import { createConsole } from '../console.js';
import { ExitCode } from '../exit-codes.js';
import { writeWhole } from '../write-file.js';
import { ask, chosen, declaresCatalogs } from './ask.js';
import type { Kind } from './from/from.js';
import { namedCatalog } from './named-catalog.js';
import { nextStep } from './next-step.js';

type Values = Record<string, string>;
type Clack = typeof import('@clack/prompts');

export interface InitOptions {
  table?: string;
  from?: Kind;
  /** The same as `path`. */
  argument?: string;
  path?: string;
  column?: string[];
  replace?: boolean;
  encoding?: string;
  json?: boolean;
}

/**
 * `embeddings init`: asks questions and writes `.env` into the working directory; exit 130 if the user cancels. With
 * `table` or `from`: writes embeddings.config.yaml.
 */
export async function init(host: NodeJS.Process, options: InitOptions = {}): Promise<number> {
  const { table, from, json = false } = options;
  checkTogether(options);
  if (options.argument !== undefined && from === undefined) throw await unnamed(host, options.argument);
  if (table !== undefined) {
    const { declareTable } = await import('./declare-table.js');
    // Set by the option --collection.
    const name = host.env.EMBEDDINGS_COLLECTION;
    return declareTable(host, createConsole(host, json), { table, ...(name !== undefined && { name }) });
  }
  if (from !== undefined) {
    const { initFrom } = await import('./from/from.js');
    const path = options.path ?? options.argument;
    const { column, encoding, replace = false } = options;
    return initFrom(host, {
      ...{ from, json, replace },
      ...(path !== undefined && { path }),
      ...(column && { column }),
      ...(encoding !== undefined && { encoding }),
    });
  }
  if (!isInteractive(host))
    throw usageFault(
      `init asks questions and needs a terminal: run it in one, or write ${envFileOf(host.cwd())} yourself, with OPENROUTER_API_KEY, DATABASE_URL and TURSO_DATABASE_URL`,
    );
  const folder = resolve(host.cwd());
  const file = envFileOf(folder);
  const before = Object.fromEntries(Object.entries(readEnvFile(folder)).filter(([, value]) => value !== ''));
  const clack = await import('@clack/prompts');
  clack.intro(`Settings for embeddings, in ${inert(file)}`);
  const above = fileAbove(file);
  if (above !== null)
    clack.log.warn(`So far ${inert(above)} is read here: a .env in this folder replaces it completely.`);
  const questions = await chosen(clack, before, declaresCatalogs(host.cwd()));
  const answers = questions === null ? null : await ask(clack, questions, before, host.cwd());
  if (answers === null) {
    clack.cancel('Nothing was written.');
    return ExitCode.Interrupted;
  }
  const library = await takeLibrary(host, clack, answers);
  if (Object.keys(answers).length === 0) clack.log.info(`${inert(file)} stays as it is.`);
  else writeWhole(file, editEnv(readEnvText(folder) ?? '', answers));
  const trouble = findOverrides(host, answers);
  for (const line of trouble) clack.log.warn(inert(line));
  if (trouble.length > 0) {
    clack.outro('Next: embeddings doctor');
    return ExitCode.Usage;
  }
  if (library === null) return nextStep(host, clack);
  const { initFrom } = await import('./from/from.js');
  return initFrom(host, library);
}

/** Throws a usage Fault for options that cannot be combined. */
function checkTogether({ table, from, argument, path, column, encoding, replace }: InitOptions): void {
  if (table !== undefined && from !== undefined)
    throw usageFault('--table and --from are both given: keep one of them');
  if (argument !== undefined && path !== undefined)
    throw usageFault(`--path and the path ${argument} are both given: keep one of them`);
  const ofFrom = { '--path': path, '--column': column, '--encoding': encoding, '--replace': replace };
  const lone = Object.entries(ofFrom).find(([, value]) => value !== undefined)?.[0];
  if (lone !== undefined && from === undefined)
    throw usageFault(`${lone} needs --from: say what it is, as in --from csv`);
}

/** Creates the Fault for a path without --from. Names the line that takes it. */
async function unnamed(host: NodeJS.Process, path: string): Promise<Fault> {
  const named = await namedCatalog(path, host.cwd());
  const lead = `${path} needs --from`;
  if (named.kind === 'from')
    return usageFault(`${lead}: embeddings init --from ${named.from} ${inShell(path)}`);
  if (named.kind === 'unread') return usageFault(`${lead}: say what it is, as in --from csv`);
  const set = `DATABASE_URL=${inShell(path)}`;
  return usageFault(
    named.kind === 'folder'
      ? `${path} is a folder, which needs no declaration: set ${set}, then embeddings scan; or name the program whose library is in it with --from`
      : `${path} is a database: set ${set}, then embeddings init --table NAME for one of its tables`,
  );
}

/**
 * Removes from the answers a DATABASE_URL that is a file of rows or a program's library: it is declared in
 * embeddings.config.yaml instead. Returns what `--from` needs for that; null: the answer is another, or none.
 */
async function takeLibrary(
  host: NodeJS.Process,
  clack: Clack,
  answers: Values,
): Promise<{ from: Kind; path: string } | null> {
  const { DATABASE_URL: url } = answers;
  const named = url === undefined ? null : await namedCatalog(url, host.cwd());
  if (named?.kind !== 'from') return null;
  delete answers.DATABASE_URL;
  const { from, path } = named;
  clack.log.info(
    `The catalog is taken in as by embeddings init --from ${from} ${inert(inShell(path))}: embeddings.config.yaml names it, so DATABASE_URL is not needed.`,
  );
  return { from, path };
}

/** Returns the `.env` of a parent folder that commands read here; null: none, or it cannot be read. */
function fileAbove(file: string): string | null {
  try {
    const { envFile } = loadEnvironmentSettings();
    return envFile === file ? null : envFile;
  } catch (error) {
    if (error instanceof Fault) return null;
    throw error;
  }
}

/** Returns what overrides the written values: environment variables, or a rule that involves both. */
function findOverrides(host: NodeJS.Process, answers: Values): string[] {
  const other = Object.keys(answers).filter((name) => {
    const own = host.env[name]?.trim() ?? '';
    return own !== '' && own !== answers[name];
  });
  const lines = other.map((name) => `${name} is set in the environment too, and that wins: unset ${name}`);
  try {
    loadEnvironmentSettings();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    lines.push(error.message);
  }
  return lines;
}
