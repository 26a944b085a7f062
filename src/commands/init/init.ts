import { resolve } from 'node:path';
import { findConfigFile } from '../../collections/config-file.js';
import { loadEnvironmentSettings } from '../../config.js';
import { Fault, usageFault } from '../../fault.js';
import { hideSecrets } from '../../hide-secrets.js';
import { editEnv } from '../../settings/edit-env.js';
import { envFileOf, readEnvFile, readEnvText } from '../../settings/env-file.js';
import { listTables } from '../../sources/tables.js';
import { inert } from '../../terminal/inert.js';
import { isInteractive } from '../confirm.js';
import { createConsole } from '../console.js';
import { ExitCode } from '../exit-codes.js';
import { writeWhole } from '../write-file.js';
import { whyRefused } from './check-answer.js';
import type { Kind } from './from/from.js';
import { QUESTIONS, type Question } from './questions.js';

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
  json?: boolean;
}

/**
 * `embeddings init`: asks questions and writes `.env` into the working directory; exit 130 if the user cancels. With
 * `table` or `from`: writes embeddings.config.yaml.
 */
export async function init(host: NodeJS.Process, options: InitOptions = {}): Promise<number> {
  const { table, from, json = false } = options;
  checkTogether(options);
  if (table !== undefined) {
    const { declareTable } = await import('./declare-table.js');
    // Set by the option --collection.
    const name = host.env.EMBEDDINGS_COLLECTION;
    return declareTable(host, createConsole(host, json), { table, ...(name !== undefined && { name }) });
  }
  if (from !== undefined) {
    const { initFrom } = await import('./from/from.js');
    const path = options.path ?? options.argument;
    const { column, replace = false } = options;
    return initFrom(host, {
      ...{ from, json, replace },
      ...(path !== undefined && { path }),
      ...(column && { column }),
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
  const questions = await chosen(clack, before);
  const answers = questions === null ? null : await ask(clack, questions, before);
  if (answers === null) {
    clack.cancel('Nothing was written.');
    return ExitCode.Interrupted;
  }
  if (Object.keys(answers).length === 0) clack.log.info(`${inert(file)} stays as it is.`);
  else writeWhole(file, editEnv(readEnvText(folder) ?? '', answers));
  const trouble = findOverrides(host, answers);
  for (const line of trouble) clack.log.warn(inert(line));
  if (trouble.length === 0) {
    const table = await tableToDeclare(host, clack);
    if (table !== null) {
      const { declareTable } = await import('./declare-table.js');
      return declareTable(host, createConsole(host, false), { table });
    }
  }
  clack.outro('Next: embeddings doctor');
  return trouble.length > 0 ? ExitCode.Usage : ExitCode.Ok;
}

/** Throws a usage Fault for options that cannot be combined. */
function checkTogether({ table, from, argument, path, column, replace }: InitOptions): void {
  if (table !== undefined && from !== undefined)
    throw usageFault('--table and --from are both given: keep one of them');
  if (argument !== undefined && path !== undefined)
    throw usageFault(`--path and the path ${argument} are both given: keep one of them`);
  const needFrom = { [argument ?? '']: argument, '--path': path, '--column': column, '--replace': replace };
  const lone = Object.entries(needFrom).find(([, value]) => value !== undefined)?.[0];
  if (lone !== undefined && from === undefined)
    throw usageFault(`${lone} needs --from: say what it is, as in --from csv`);
}

/**
 * Asks which table holds the samples if the catalog lacks the sample library's tables; null: not needed, or none
 * chosen.
 */
async function tableToDeclare(host: NodeJS.Process, clack: Clack): Promise<string | null> {
  const { catalogUrl } = loadEnvironmentSettings();
  if (catalogUrl === null || findConfigFile(host.cwd()) !== null) return null;
  // A catalog that cannot be reached is reported by doctor.
  const tables = await listTables(catalogUrl).catch(() => []);
  const names = (name: string): string[] =>
    tables.find((each) => each.name === name)?.columns.map((column) => column.name.toLowerCase()) ?? [];
  if (tables.length === 0 || ['id', 'title'].every((column) => names('samples').includes(column)))
    return null;
  const choice = await clack.select({
    message: 'The catalog has no table samples with id and title. Which one holds the samples?',
    options: [
      ...tables.map(({ name, columns }) => ({
        value: name,
        label: inert(name),
        hint: inert(columns.map((column) => column.name).join(', ')),
      })),
      { value: '', label: 'none of these' },
    ],
  });
  return clack.isCancel(choice) || choice === '' ? null : choice;
}

/** Returns the questions to ask: all of them if `.env` sets nothing yet. Null: the user cancelled. */
async function chosen(clack: Clack, before: Values): Promise<readonly Question[] | null> {
  const missing = QUESTIONS.filter(({ name, fallback }) => !(name in before) && fallback === undefined);
  if (!QUESTIONS.some(({ name }) => name in before)) return QUESTIONS;
  const choice = await clack.select({
    message: 'There is a .env already. What it sets:',
    options: [
      { value: 'keep', label: 'keep it, and ask for what is missing' },
      { value: 'all', label: 'go through it, value by value; an empty answer keeps what is there' },
      { value: 'leave', label: 'change nothing' },
    ],
  });
  if (clack.isCancel(choice)) return null;
  if (choice === 'leave') return [];
  return choice === 'all' ? QUESTIONS : missing;
}

/** Returns the answers that differ from the present values; null: the user cancelled. */
async function ask(clack: Clack, questions: readonly Question[], before: Values): Promise<Values | null> {
  const answers: Values = {};
  for (const question of questions) {
    const { name, fallback, asked } = question;
    const known = { ...fallbacks(), ...before, ...answers };
    if (asked !== undefined && !asked(known)) continue;
    const answer = await put(clack, question, before[name], { ...before, ...answers });
    if (answer === null) return null;
    const value = answer.trim() === '' ? (before[name] ?? fallback ?? '') : answer.trim();
    if (value !== before[name]) answers[name] = value;
  }
  return answers;
}

const fallbacks = (): Values =>
  Object.fromEntries(
    QUESTIONS.flatMap(({ name, fallback }) => (fallback === undefined ? [] : [[name, fallback]])),
  );

/** Asks one question. Null: the user cancelled. */
async function put(
  clack: Clack,
  { name, message, example, fallback, secret }: Question,
  present: string | undefined,
  others: Values,
): Promise<string | null> {
  const empty = present ?? fallback;
  const validate = (text = ''): string | undefined => {
    const value = text.trim();
    if (value !== '') return whyRefused(name, value, others);
    return empty === undefined ? 'It is needed: type it, or leave with Ctrl-C' : undefined;
  };
  const kept = present === undefined ? '' : '; an empty answer keeps the present one';
  const shown = empty === undefined ? example : inert(hideSecrets(empty));
  const answer =
    secret === true
      ? await clack.password({ message: `${name}: ${message}${kept}`, validate })
      : await clack.text({
          message: `${name}: ${message}${kept}`,
          validate,
          ...(shown !== undefined && { placeholder: shown }),
        });
  return clack.isCancel(answer) ? null : (answer ?? '');
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
