import { ITS_ID, OWN_TITLE, storedName } from '../../../imports/import-file.js';
import type { Matched, Role } from '../../../imports/match-columns.js';
import { suggestText } from '../text-lines.js';

/** Lines of the text, in order: role, label, filters of the template. */
const LINES: readonly [Role, string, string][] = [
  ['title', 'Title', ''],
  ['artist', 'Artist', ' | join(", ")'],
  ['album', 'Album', ''],
  ['pack', 'Pack', ''],
  ['genre', 'Genre', ' | join(", ")'],
  ['bpm', 'BPM', ' | round'],
  ['key', 'Key', ''],
  ['scale', 'Scale', ''],
  ['mood', 'Mood', ' | join(", ")'],
  ['energy', 'Energy', ' | round(2)'],
  ['type', 'Type', ''],
  ['instruments', 'Instruments', ' | join(", ")'],
  ['tags', 'Tags', ' | join(", ")'],
];
const DESCRIPTION: (typeof LINES)[number] = ['description', 'Description', ' | truncate(2000)'];

/** Columns that never describe how a sample sounds. */
const SILENT =
  /^(?:duration|length|seconds|ms|total ?time|time|sample ?rate|bit ?rate|bit ?depth|channels|year|rating|plays|play ?count|popularity|track ?(?:number|no)|disc ?number|price|isrc|format|codec|extension|ext|colou?r|remixer|label|composer|kind|added|favou?rite)$|(?:^|[ _])(?:ms|seconds|date|added)$/i;

/** Columns that search shows, at most, in a new collection. */
const SHOWN = 5;

export interface FileText {
  text: string[];
  show: string[];
  filters: string[];
  file: string | null;
  left: string[];
}

/** Suggests a text for the rows of a file: columns with a known role, then others that describe the sound. */
export function fileText(columns: readonly string[], matched: Matched): FileText {
  const known: Matched =
    matched.title === undefined && matched.file !== undefined ? { ...matched, title: OWN_TITLE } : matched;
  const line = ([role, label, filter]: (typeof LINES)[number]): string[] => {
    const column = known[role];
    return column === undefined ? [] : [`${label}: {${fieldName(storedName(column))}${filter}}`];
  };
  const used = new Set(Object.values(known));
  const rest = columns.filter((column) => !used.has(column) && storedName(column) !== ITS_ID);
  const others = suggestText({
    name: 'rows',
    key: null,
    columns: rest.filter((column) => !SILENT.test(column)).map((name) => ({ name, type: '', array: false })),
  });
  const roles = (some: readonly (typeof LINES)[number][]): string[] =>
    some.flatMap(([role]) => known[role] ?? []).map(storedName);
  const described = roles(LINES);
  const file = known.file === undefined || known.file === known.title ? [] : [known.file];
  return {
    text: [...LINES.flatMap(line), ...others.lines, ...line(DESCRIPTION)],
    show: described.slice(0, SHOWN),
    filters: [...described, ...rest, ...file],
    file: known.file === undefined ? null : storedName(known.file),
    left: [
      ...rest.filter((column) => !others.fields.includes(column)),
      ...file,
      ...(known.id === undefined || known.id === known.file || known.id === known.title ? [] : [known.id]),
    ],
  };
}

/** Quotes a field name for a template if necessary. */
const fieldName = (name: string): string =>
  /^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) ? name : JSON.stringify(name);
