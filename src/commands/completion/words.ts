import type { Grammar, Node, Values } from './grammar.js';

/** Returns the key that the scripts compare: `search --mode`. The path of the program itself is empty. */
export const key = (path: string, word: string): string => `${path} ${word}`;

/** Returns the edges of the command tree: at `path`, `word` leads to `to`. */
export const steps = ({ nodes }: Grammar): { path: string; word: string; to: string }[] =>
  nodes.flatMap(({ path, commands }) =>
    commands.map(({ name }) => ({ path, word: name, to: `${path} ${name}`.trim() })),
  );

/** Returns every option that takes a value, once under each of its names. */
export const optionsWithValues = ({
  nodes,
}: Grammar): { path: string; name: string; values: Values; needs: boolean }[] =>
  nodes.flatMap(({ path, flags }) =>
    flags.flatMap(({ names, values, needsValue }) =>
      values === null ? [] : names.map((name) => ({ path, name, values, needs: needsValue })),
    ),
  );

export const flagNames = ({ flags }: Node): string[] => flags.flatMap(({ names }) => names);
