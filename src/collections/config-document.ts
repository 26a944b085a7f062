import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';
import { usageFault } from '../fault.js';
import { hideSecrets } from '../hide-secrets.js';

export type Path = readonly PropertyKey[];

/** A parsed configuration file, which collects faults and their positions in it. Lines and columns count from 1. */
export interface ConfigDocument {
  value: unknown;
  /** Records a fault, which `check` throws with all others. `on`: at the key or at its value. Default: value. */
  refuse(path: Path, message: string, on?: 'key' | 'value'): void;
  /** Records a fault at a position within a text. */
  refuseInText(path: Path, message: string, line: number, column: number): void;
  /** Throws a usage Fault with a line for each recorded fault. */
  check(): void;
}

/** Parses YAML 1.2, which includes JSON. Throws a usage Fault that names file, line, column and cure. */
export function parseConfig(source: string, file: string): ConfigDocument {
  const lineCounter = new LineCounter();
  // The parser's own messages would show lines of the file, which may hold secrets.
  const document = parseDocument(source, {
    version: '1.2',
    lineCounter,
    prettyErrors: false,
    uniqueKeys: true,
  });
  const placed = (offset: number, message: string): string => {
    const { line, col } = lineCounter.linePos(offset);
    return `${file}:${Math.max(line, 1)}:${Math.max(col, 1)}: ${message}`;
  };
  const wrong = document.errors[0] ?? document.warnings[0];
  if (wrong !== undefined)
    throw usageFault(placed(wrong.pos[0], `${withoutSource(wrong.message)}: ${CURES[wrong.code] ?? CURE}`));
  if (document.contents === null || (isScalar(document.contents) && document.contents.value === null))
    throw usageFault(`${file}:1:1: the file is empty: declare a collection in it, or remove it`);

  const refused: string[] = [];
  return {
    value: javascriptOf(document, (offset, message) => usageFault(placed(offset, message))),
    refuse(path, message, on = 'value') {
      refused.push(placed(offsetOf(document, path, on), `${shownPath(path)} ${message}`));
    },
    refuseInText(path, message, line, column) {
      const within = offsetInText(document, source, lineCounter, path, line, column);
      refused.push(
        within === null
          ? placed(
              offsetOf(document, path, 'value'),
              `${shownPath(path)}, line ${line}, column ${column} of the text: ${message}`,
            )
          : placed(within, `${shownPath(path)}: ${message}`),
      );
    },
    check() {
      if (refused.length > 0) throw usageFault(refused.join('\n'));
    },
  };
}

const CURE = 'correct it there or just before it';
const QUOTES = 'put the value in quotes, or write | after the name and the value below it, indented';
const CURES: Readonly<Record<string, string>> = {
  BAD_SCALAR_START: QUOTES,
  BLOCK_AS_IMPLICIT_KEY: QUOTES,
  MULTILINE_IMPLICIT_KEY: QUOTES,
  UNEXPECTED_TOKEN: `${CURE}; a value with braces, colons or commas goes in quotes`,
  DUPLICATE_KEY: 'keep one of them',
  TAB_AS_INDENT: 'indent with blanks',
  MULTIPLE_DOCS: 'remove the line "---"',
  TAG_RESOLVE_FAILED: 'remove the tag, or put the value in quotes',
};

/** Returns the message up to its first colon or semicolon: after a colon the parser quotes the file. */
const withoutSource = (message: string): string => message.split(/[:;]\s|\n/)[0] ?? message;

function javascriptOf(document: Document, fault: (offset: number, message: string) => Error): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    let offset = 0;
    visit(document, {
      Alias(_, alias) {
        offset = startOf(alias) ?? 0;
        return alias.resolve(document) === undefined ? visit.BREAK : undefined;
      },
    });
    throw fault(
      offset,
      'an alias (*name) has no anchor (&name) before it, or stands for too much: write out what it stands for',
    );
  }
}

/** Returns the offset of a path, or of its nearest existing parent. */
function offsetOf(document: Document, path: Path, on: 'key' | 'value'): number {
  return nodeAt(document, path, on).offset;
}

function nodeAt(document: Document, path: Path, on: 'key' | 'value'): { node: unknown; offset: number } {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [index, step] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => String(isScalar(key) ? key.value : key) === String(step));
      if (pair === undefined) return { node: null, offset };
      const key = startOf(pair.key) ?? offset;
      const isKeyMeant = index === path.length - 1 && on === 'key';
      offset = isKeyMeant || isEmpty(pair.value) ? key : (startOf(pair.value) ?? key);
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      offset = startOf(node) ?? offset;
    } else return { node: null, offset };
  }
  return { node, offset };
}

const startOf = (node: unknown): number | null =>
  (node as { range?: [number, number, number] | null } | null)?.range?.[0] ?? null;

/** Returns whether a key has no value, as `store:`. */
const isEmpty = (node: unknown): boolean => isScalar(node) && node.value === null && node.source === '';

/** Returns an offset within a text. Null when the file has the text in another form: with escapes, or folded. */
function offsetInText(
  document: Document,
  source: string,
  { lineStarts }: LineCounter,
  path: Path,
  line: number,
  column: number,
): number | null {
  const found = nodeAt(document, path, 'value');
  const node = isAlias(found.node) ? found.node.resolve(document) : found.node;
  if (!isScalar(node) || typeof node.value !== 'string') return null;
  const text = node.value.split('\n')[line - 1] ?? '';
  const start = startOf(node) ?? 0;
  if (node.type !== 'BLOCK_LITERAL') {
    const at = start + (node.type === 'PLAIN' ? 0 : 1);
    return line === 1 && source.startsWith(node.value, at) ? at + column - 1 : null;
  }
  const header = lineStarts.findLastIndex((lineStart) => lineStart <= start);
  const at = source.indexOf(text, lineStarts[header + line]);
  const indented = source.slice(lineStarts[header + line], at);
  return at >= 0 && /^ *$/.test(indented) ? at + column - 1 : null;
}

/** Returns a path as `collections.drums.show[1]`. Secrets in names are hidden. */
const shownPath = (path: Path): string =>
  path.length === 0
    ? 'the file'
    : path
        .map((step, index) =>
          typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${shownName(String(step))}`,
        )
        .join('');

/** Returns a name with secrets hidden. Of a name over 60 characters, only the length is shown. */
export const shownName = (name: string): string =>
  name.length <= 60 ? hideSecrets(name) : `(a name of ${name.length} characters)`;
