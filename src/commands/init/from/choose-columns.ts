import { nearestName } from '../../../collections/nearest-name.js';
import { usageFault } from '../../../fault.js';
import { type Matched, matchColumns, REKORDBOX, ROLES, type Role } from '../../../imports/match-columns.js';
import type { FileKind } from '../../../imports/types.js';
import { inert } from '../../../terminal/inert.js';

/** Roles that a file must have: the role, the question for it, and its description in an error. */
const NEEDED: readonly [Role, string, string][] = [
  ['title', 'Which column is the title of a sample?', 'that is a title or the path of a file'],
  [
    'id',
    'Which column identifies each sample and never changes?',
    'that identifies each row, like an id or a path',
  ],
];

/** Parses `--column title=NAME` options. Throws a usage Fault for a malformed option or an unknown column. */
export function parseColumnOptions(chosen: readonly string[], columns: readonly string[]): Matched {
  const matched: Matched = {};
  for (const each of chosen) {
    const [, role = '', name = ''] = /^([^=]*)=(.*)$/s.exec(each) ?? [];
    if (!ROLES.includes(role as Role) || name === '')
      throw usageFault(
        `--column: write one of ${ROLES.join(', ')}, = and a column, as in title=Name; got "${each}"`,
      );
    const column =
      columns.find((one) => one === name) ?? columns.find((one) => one.toLowerCase() === name.toLowerCase());
    if (column === undefined) {
      const near = nearestName(name, columns);
      throw usageFault(
        `--column: the file has no column ${name}; ${near === null ? `it has ${columns.join(', ')}` : `did you mean ${near}?`}`,
      );
    }
    matched[role as Role] = column;
  }
  return matched;
}

/**
 * Returns which column has which role. Asks the user for required roles that are not clear. Null: the user cancelled.
 * Throws a usage Fault if a role is missing and there is no terminal to ask on.
 */
export async function chooseColumns(
  kind: FileKind,
  { columns, repeated }: { columns: readonly string[]; repeated: ReadonlySet<string> },
  { chosen, isInteractive }: { chosen: Matched; isInteractive: boolean },
): Promise<(Matched & { id: string }) | null> {
  const matched = kind === 'rekordbox' ? { ...REKORDBOX, ...chosen } : matchColumns(columns, chosen);
  for (const [role, question, words] of NEEDED) {
    const column = matched[role] ?? (role === 'title' ? matched.file : undefined);
    // If two columns have the same name, the user may mean the second.
    const isClear =
      column !== undefined && (chosen[role] !== undefined || !isInteractive || !repeated.has(column));
    if (isClear) continue;
    if (!isInteractive)
      throw usageFault(
        `--from ${kind}: no column ${words}; there are ${columns.join(', ') || 'none'}: name one with --column ${role}=NAME`,
      );
    const choice = await ask(question, columns, column);
    if (choice === null) return null;
    matched[role] = choice;
  }
  return matched as Matched & { id: string };
}

async function ask(
  message: string,
  columns: readonly string[],
  first: string | undefined,
): Promise<string | null> {
  const clack = await import('@clack/prompts');
  const choice = await clack.select({
    message,
    options: columns.map((value) => ({ value, label: inert(value) })),
    ...(first !== undefined && { initialValue: first }),
  });
  return clack.isCancel(choice) ? null : choice;
}
