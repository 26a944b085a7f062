import type { Flag, Grammar, Node } from './grammar.js';
import { key, optionsWithValues, steps } from './words.js';

/** Returns the script, to be saved as a file in ~/.config/fish/completions. */
export function fishScript(grammar: Grammar): string {
  const { program, nodes } = grammar;
  const condition = (path: string): string => quoted(`__${program}_at ${quoted(path)}`);
  return `# fish completion of ${program}: ${program} completion fish > ~/.config/fish/completions/${program}.fish
function __${program}_at
    set -l at ''
    set -l skip ''
    for word in (commandline -opc)[2..-1]
        if test -n "$skip"
            set skip ''
            continue
        end
        switch "$at $word"
${steps(grammar)
  .map(
    ({ path, word, to }) =>
      `            case ${quoted(key(path, word))}\n                set at ${quoted(to)}`,
  )
  .join('\n')}
            case ${optionsWithValues(grammar)
              .filter(({ needs }) => needs)
              .map(({ path, name }) => quoted(key(path, name)))
              .join(' ')}
                set skip 1
        end
    end
    test "$at" = "$argv[1]"
end
complete -c ${program} -e
complete -c ${program} -f
${nodes.flatMap((node) => linesOf(program, condition(node.path), node)).join('\n')}
`;
}

function linesOf(program: string, condition: string, { commands, flags, values }: Node): string[] {
  const start = `complete -c ${program} -n ${condition}`;
  const lines = commands.map(
    ({ name, description }) => `${start} -a ${quoted(name)} -d ${quoted(description)}`,
  );
  if (values === 'file') lines.push(`${start} -F`);
  else if (values !== null && values !== 'any') lines.push(`${start} -a ${quoted(values.join(' '))}`);
  return [...lines, ...flags.map((flag) => start + flagOf(flag))];
}

function flagOf({ names, description, values, needsValue }: Flag): string {
  const named = names.map((name) =>
    name.startsWith('--') ? ` -l ${name.slice(2)}` : ` -s ${name.slice(1)}`,
  );
  // -r: the option's value is a separate word; -f: it is not a file.
  const value =
    values === null || !needsValue
      ? ''
      : values === 'file'
        ? ' -r -F'
        : ` -r -f${values === 'any' ? '' : ` -a ${quoted(values.join(' '))}`}`;
  return `${named.join('')}${value} -d ${quoted(description)}`;
}

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
