import { quoted } from '../../in-shell.js';
import type { Grammar, Node, Values } from './grammar.js';
import { key, optionsWithValues, steps } from './words.js';

/** Returns the script, to be sourced after compinit or saved as _PROGRAM in a folder of fpath. */
export function zshScript(grammar: Grammar): string {
  const { program, nodes } = grammar;
  return `#compdef ${program}
# zsh completion of ${program}. Load it with: source <(${program} completion zsh)
_${program}() {
  local at='' skip='' prev word i
  local -a commands options
  for ((i = 2; i < CURRENT; i++)); do
    word=$words[i]
    if [[ -n $skip ]]; then skip=''; continue; fi
    case "$at $word" in
${steps(grammar)
  .map(({ path, word, to }) => `      (${quoted(key(path, word))}) at=${quoted(to)} ;;`)
  .join('\n')}
      (${optionsWithValues(grammar)
        .filter(({ needs }) => needs)
        .map(({ path, name }) => quoted(key(path, name)))
        .join('|')}) skip=1 ;;
    esac
  done
  prev=$words[CURRENT-1]
  if [[ $words[CURRENT] == --*=* ]]; then
    prev=\${words[CURRENT]%%=*}
    compset -P 1 '*='
  fi
  case "$at $prev" in
${optionsWithValues(grammar)
  .map(({ path, name, values }) => `    (${quoted(key(path, name))}) ${offer(values)}; return ;;`)
  .join('\n')}
  esac
  case "$at" in
${nodes.map(place).join('\n')}
  esac
}
if [[ $funcstack[1] == _${program} ]]; then _${program} "$@"; else compdef _${program} ${program}; fi
`;
}

function place({ path, commands, flags, values }: Node): string {
  const described = flags.flatMap(({ names, description }) =>
    names.map((name) => quoted(`${name}:${escaped(description)}`)),
  );
  const below = commands.map(({ name, description }) => quoted(`${name}:${escaped(description)}`));
  const rest =
    below.length > 0
      ? `commands=(${below.join(' ')}); _describe command commands`
      : values === null
        ? ':'
        : offer(values);
  return `    (${quoted(path)})
      if [[ $words[CURRENT] == -* ]]; then options=(${described.join(' ')}); _describe -o option options
      else ${rest}
      fi ;;`;
}

/** Escapes colons: in zsh's descriptions a colon ends the word. */
const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll(':', '\\:');

function offer(values: Values): string {
  if (values === 'any') return '_message value';
  return values === 'file' ? '_files' : `compadd -- ${values.map(quoted).join(' ')}`;
}
