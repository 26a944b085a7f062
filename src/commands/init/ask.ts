import { findConfigFile } from '../../collections/config-file.js';
import { loadEverySettings } from '../../config.js';
import { Fault } from '../../fault.js';
import { hideSecrets } from '../../hide-secrets.js';
import { inert } from '../../terminal/inert.js';
import { whyRefused } from './check-answer.js';
import { withoutShellQuotes } from './named-catalog.js';
import { QUESTIONS, type Question } from './questions.js';

type Values = Record<string, string>;
type Clack = typeof import('@clack/prompts');

/**
 * Returns the questions to ask: all of them if `.env` sets nothing yet. Null: the user cancelled. `isDeclared`: no catalog
 * is asked for.
 */
export async function chosen(
  clack: Clack,
  before: Values,
  isDeclared: boolean,
): Promise<readonly Question[] | null> {
  const questions = QUESTIONS.filter(({ name }) => !isDeclared || name !== 'DATABASE_URL' || name in before);
  const missing = questions.filter(({ name, fallback }) => !(name in before) && fallback === undefined);
  if (!questions.some(({ name }) => name in before)) return questions;
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
  return choice === 'all' ? questions : missing;
}

/** Returns whether embeddings.config.yaml names the catalog of each of its collections. */
export function declaresCatalogs(cwd: string): boolean {
  if (findConfigFile(cwd) === null) return false;
  try {
    return loadEverySettings().every(({ catalogUrl }) => catalogUrl !== null);
  } catch (error) {
    // A file that needs what is asked for now, or that commands refuse.
    if (error instanceof Fault) return false;
    throw error;
  }
}

/** Returns the answers that differ from the present values; null: the user cancelled. */
export async function ask(
  clack: Clack,
  questions: readonly Question[],
  before: Values,
  cwd: string,
): Promise<Values | null> {
  const answers: Values = {};
  for (const question of questions) {
    const { name, fallback, asked } = question;
    const known = { ...fallbacks(), ...before, ...answers };
    if (asked !== undefined && !asked(known)) continue;
    const meant = (text: string): string =>
      name === 'DATABASE_URL' ? withoutShellQuotes(text.trim(), cwd) : text.trim();
    const why = (value: string): string | undefined => whyRefused(name, value, { ...before, ...answers });
    const answer = await put(clack, question, before[name], { meant, why });
    if (answer === null) return null;
    const value = answer === '' ? (before[name] ?? fallback ?? '') : answer;
    if (value !== before[name]) answers[name] = value;
  }
  return answers;
}

const fallbacks = (): Values =>
  Object.fromEntries(
    QUESTIONS.flatMap(({ name, fallback }) => (fallback === undefined ? [] : [[name, fallback]])),
  );

/**
 * Asks one question. `meant`: the value of a typed text. `why` a value is refused; undefined: it is not. Null: the user
 * cancelled.
 */
async function put(
  clack: Clack,
  { name, message, example, fallback, secret }: Question,
  present: string | undefined,
  { meant, why }: { meant(text: string): string; why(value: string): string | undefined },
): Promise<string | null> {
  const empty = present ?? fallback;
  const validate = (text = ''): string | undefined => {
    const value = meant(text);
    if (value !== '') return why(value);
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
  return clack.isCancel(answer) ? null : meant(answer ?? '');
}
