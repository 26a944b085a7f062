import { isMap, parseDocument, stringify } from 'yaml';

/** A collection as it is written into `embeddings.config.yaml`, where the user reads and corrects it. */
export interface NewCollection {
  name: string;
  source: Record<string, string>;
  /** Comments above the source: what it leaves out, and why its id column was chosen. */
  notes?: readonly string[];
  /** Lines of the template; null: the source brings its own text. */
  text: readonly string[] | null;
  /** Columns shown by search and available to filters; null: those of the source. */
  show: readonly string[] | null;
  filters: readonly string[] | null;
  /** The column with the path of the audio file; null: none. */
  file: string | null;
  /** Columns that the text does not use. */
  left: readonly string[];
  /** Null: the store of TURSO_DATABASE_URL. */
  storeUrl: string | null;
}

const SCHEMA =
  '# yaml-language-server: $schema=./node_modules/sample-embeddings/embeddings.config.schema.json\n';
const HEAD = `${SCHEMA}# What is embedded, from where and into which store. After a change: embeddings --dry-run --all says what it would cost.\n`;

/** Returns the file's text with the collection added; the rest stays. `before`: the present text, null: no file. */
export function withCollection(before: string | null, collection: NewCollection): string {
  const snippet = collectionText(collection);
  if (before === null || before.trim() === '') return `${HEAD}collections:\n${snippet}`;
  const document = parseDocument(before, { version: '1.2' });
  const added = parseDocument(`collections:\n${snippet}`).getIn(['collections', collection.name], true);
  const collections = document.get('collections', true);
  if (isMap(collections)) {
    // A map in braces (flow style, as in JSON) cannot hold comments.
    if (isMap(added) && collections.flow === true) added.flow = true;
    collections.set(collection.name, added);
  } else document.set('collections', document.createNode({ [collection.name]: added }));
  return document.toString({ lineWidth: 0 });
}

/** Returns the names of the collections in the file. */
export function declaredNames(source: string | null): string[] {
  const collections = parseDocument(source ?? '').get('collections', true);
  return isMap(collections) ? collections.items.map(({ key }) => String(key)) : [];
}

function collectionText(collection: NewCollection): string {
  const { name, source, notes = [], text, show, filters, file, left, storeUrl } = collection;
  const lines = [
    '# Nothing is written to it.',
    ...notes.map((note) => `# ${note}`),
    'source:',
    ...Object.entries(source).flatMap(([key, value]) => keyed(key, value)),
  ];
  if (text !== null)
    lines.push(
      '# What is embedded, one line a field; a line whose field is empty is left out. docs/collections.md names the filters.',
      ...(left.length > 0 ? [`# Not used: ${left.join(', ')}`] : []),
      'text: |',
      ...text.map((line) => `  ${line}`),
    );
  if (show !== null) lines.push(`show: ${list(show)} # in search`);
  if (filters !== null) lines.push(`filters: ${list(filters)} # columns that --where can filter by`);
  if (file !== null)
    lines.push(`file: ${scalar(file)} # the audio file; SAMPLES_ROOT names the folder of such files`);
  lines.push(
    '# model: { id: openai/text-embedding-3-small, dimensions: 1536 } # default: EMBEDDING_MODEL',
    ...(storeUrl === null
      ? ['# The vectors go to TURSO_DATABASE_URL. Each collection needs a store of its own.']
      : ['store:', `  url: ${scalar(storeUrl)}`]),
  );
  return `  ${name}:\n${lines.map((line) => `    ${line}\n`).join('')}`;
}

const keyed = (key: string, value: string): string[] =>
  value.includes('\n')
    ? [`  ${key}: |`, ...value.split('\n').map((line) => `    ${line}`)]
    : [`  ${key}: ${scalar(value)}`];

/** Quotes the value if YAML would otherwise read it as another type. */
const scalar = (value: string): string => stringify(value, { lineWidth: 0 }).trimEnd();

const list = (values: readonly string[]): string =>
  `[${values.map((value) => (/^[\w-]+$/.test(value) ? scalar(value) : JSON.stringify(value))).join(', ')}]`;
