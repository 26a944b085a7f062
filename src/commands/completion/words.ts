import type { Grammar, Node, Values } from './grammar.js';

/** As bash and zsh take any text as one word. */
export const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** `search --mode`: a place and a word, as the scripts compare them; the program itself is the empty place. */
export const key = (path: string, word: string): string => `${path} ${word}`;

/** The steps down the tree: at `path`, `word` leads to `to`. */
export const steps = ({ nodes }: Grammar): { path: string; word: string; to: string }[] =>
  nodes.flatMap(({ path, commands }) =>
    commands.map(({ name }) => ({ path, word: name, to: `${path} ${name}`.trim() })),
  );

/** Every option that takes a value, by each of its names. */
export const valued = ({
  nodes,
}: Grammar): { path: string; name: string; values: Values; needs: boolean }[] =>
  nodes.flatMap(({ path, flags }) =>
    flags.flatMap(({ names, values, needsValue }) =>
      values === null ? [] : names.map((name) => ({ path, name, values, needs: needsValue })),
    ),
  );

export const flagNames = ({ flags }: Node): string[] => flags.flatMap(({ names }) => names);
