import type { RecipeWords } from '../contract/generation.js';
import type { Collection, CollectionModel, DeclaredRows, TextForm } from './collection.js';
import type { ConfigDocument, Path } from './config-document.js';
import { shownName } from './config-document.js';
import type { DeclaredCollection } from './config-schema.js';
import {
  FOLDER_FIELDS,
  FOLDER_FILE,
  FOLDER_FILTERS,
  FOLDER_SHOWN,
  folderRows,
  folderText,
} from './folder-collection.js';
import { LIBRARY_FIELDS, LIBRARY_FILE, LIBRARY_FILTERS, LIBRARY_SHOWN, libraryText } from './library-text.js';
import { nearestName } from './nearest-name.js';
import { checkSelect } from './select-statement.js';
import { type FieldUse, parseTemplate, TemplateError } from './template.js';

/** The settings that apply when the file of a collection does not set them. */
export interface CollectionDefaults {
  model: string;
  dimensions: number;
}

/** Returns a collection without its addresses. Reports errors to the document, which must be checked afterwards. */
export function declaredCollection(
  name: string,
  declared: DeclaredCollection,
  document: ConfigDocument,
  defaults: CollectionDefaults,
): Omit<Collection, 'catalogUrl' | 'folder' | 'storeUrl' | 'storeToken'> {
  const path = ['collections', name];
  const { source = {} } = declared;
  const rows = rowsOf(document, [...path, 'source'], source);
  const { text, uses, lists } = textOf(document, path, declared, rows);

  // The columns are known for the library's tables, a folder and a list of fields. Else only the database knows them.
  const columns: readonly string[] | null =
    rows === null
      ? LIBRARY_FIELDS
      : source.folder !== undefined
        ? FOLDER_FIELDS
        : source.fields === undefined
          ? null
          : [...source.fields, rows.id];
  if (columns !== null) {
    for (const use of uses)
      if (!columns.includes(use.field))
        document.refuseInText([...path, 'text'], noField(use.field, columns, rows), use.line, use.column);
    for (const [index, field] of (declared.show ?? []).entries())
      if (!columns.includes(field)) document.refuse([...path, 'show', index], noField(field, columns, rows));
    const names: readonly string[] = rows === null ? LIBRARY_FILTERS : columns;
    // The library's tables may have more columns than we know, so only a name that is near a known one is an error.
    for (const [index, field] of (declared.filters ?? []).entries())
      if (!names.includes(field) && (rows !== null || nearestName(field, names) !== null))
        document.refuse([...path, 'filters', index], noField(field, names, rows));
  }

  const ofFolder = source.folder !== undefined;
  if (ofFolder && declared.file !== undefined)
    document.refuse(
      [...path, 'file'],
      'is only for a database, but source.folder is set, whose files are known: remove it',
      'key',
    );
  const file = ofFolder ? FOLDER_FILE : (declared.file ?? (rows === null ? LIBRARY_FILE : null));
  if (rows !== null && columns !== null && file !== null && !columns.includes(file))
    document.refuse([...path, 'file'], noField(file, columns, rows));
  const usual = ofFolder ? FOLDER_SHOWN : rows === null && declared.text === undefined ? LIBRARY_SHOWN : null;
  const shown = unique(declared.show ?? usual ?? text.fields);
  const filters = unique(
    declared.filters ?? (ofFolder ? FOLDER_FILTERS : rows === null ? LIBRARY_FILTERS : shown),
  );
  const fields = unique([
    ...(source.fields ?? [...text.fields, ...shown, ...filters]),
    ...(file === null ? [] : [file]),
  ]);
  return {
    name,
    // The id is always read. If it is not named `id`, it is also a field when search shows it or it holds the path.
    rows: ofFolder
      ? folderRows(fields, lists)
      : rows === null
        ? null
        : {
            ...rows,
            ...(lists.length > 0 && { lists }),
            fields: fields.filter(
              (field) => field !== rows.id || ((shown.includes(field) || field === file) && field !== 'id'),
            ),
          },
    text,
    shown,
    filters,
    file,
    model: modelOf(document, path, declared.model ?? {}, defaults),
  };
}

const unique = (names: readonly string[]): string[] => [...new Set(names)];

function noField(field: string, columns: readonly string[], rows: object | null): string {
  const near = nearestName(field, columns);
  const cure =
    near === null
      ? rows === null
        ? `the library's tables have ${columns.join(', ')}; for another table set source.table`
        : columns === FOLDER_FIELDS
          ? `files of a folder have ${columns.join(', ')}`
          : 'add it to source.fields, or leave source.fields out'
      : `did you mean ${near}?`;
  return `names no field, got "${shownName(field)}": ${cure}`;
}

/** Returns the rows without their fields, which depend also on the text. */
function rowsOf(document: ConfigDocument, path: Path, source: NonNullable<DeclaredCollection['source']>) {
  const { folder, table, select, id = 'id' } = source;
  if (folder !== undefined) {
    for (const key of ['url', 'table', 'select', 'id', 'fields'] as const)
      if (source[key] !== undefined)
        document.refuse(
          [...path, key],
          'is only for a database, but source.folder is set too: keep one of them, or declare two collections',
          'key',
        );
    return { table: 'files', id: 'id' };
  }
  if (source.ignore !== undefined)
    document.refuse(
      [...path, 'ignore'],
      'is only for a folder, but source.folder is not set: remove it',
      'key',
    );
  if (table !== undefined && select !== undefined)
    document.refuse([...path, 'select'], 'is set together with a table: keep one of them', 'key');
  if (table !== undefined) {
    if (/^\s*(?:SELECT|WITH)\s/i.test(table))
      document.refuse([...path, 'table'], 'is a statement: write it under select instead', 'key');
    else if (/[;\n\0]/.test(table))
      document.refuse([...path, 'table'], 'is no name of a table: write table or schema.table');
    return { table: table.trim(), id };
  }
  if (select !== undefined) {
    const checked = checkSelect(select);
    if ('wrong' in checked) document.refuse([...path, 'select'], checked.wrong);
    return { select: 'wrong' in checked ? select : checked.select, id };
  }
  for (const key of ['id', 'fields'] as const)
    if (source[key] !== undefined)
      document.refuse(
        [...path, key],
        "needs a table or a select, and neither is set: add one, or remove it to use the library's two tables",
        'key',
      );
  return null;
}

function textOf(
  document: ConfigDocument,
  path: Path,
  { text, source }: DeclaredCollection,
  rows: Pick<DeclaredRows, 'id'> | null,
): { text: TextForm; uses: readonly FieldUse[]; lists: readonly string[] } {
  const none = { text: libraryText, uses: [], lists: [] };
  if (text === undefined) {
    if (source?.folder !== undefined) return { text: folderText, uses: [], lists: folderText.lists };
    if (rows !== null)
      document.refuse(
        path,
        'has no text, and the built-in one is only for the library\'s two tables: add "text: |" and lines like "Title: {name}" below it',
        'key',
      );
    return none;
  }
  try {
    const template = parseTemplate(text, rows?.id ?? null);
    return { text: template, uses: template.uses, lists: template.lists };
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    document.refuseInText([...path, 'text'], error.message, error.line, error.column);
    return none;
  }
}

function modelOf(
  document: ConfigDocument,
  path: Path,
  declared: NonNullable<DeclaredCollection['model']>,
  defaults: CollectionDefaults,
): CollectionModel {
  const id = declared.id?.trim() ?? defaults.model;
  if (/\s/.test(id))
    document.refuse([...path, 'model', 'id'], 'has blanks in it: write the name that the provider lists');
  if (declared.dimensions === undefined && id !== defaults.model)
    document.refuse(
      [...path, 'model'],
      'has no dimensions: add them, as the description of the model names them',
      'key',
    );
  return {
    id,
    dimensions: declared.dimensions ?? defaults.dimensions,
    document: wordsOf(declared.document),
    query: wordsOf(declared.query),
  };
}

type DeclaredWords = NonNullable<NonNullable<DeclaredCollection['model']>['document']>;
const wordsOf = ({ prefix, input_type: inputType }: DeclaredWords = {}): RecipeWords => ({
  ...(prefix ? { prefix } : {}),
  ...(inputType === undefined ? {} : { inputType }),
});
