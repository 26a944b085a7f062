import { quoted } from '../../in-shell.js';
import type { Grammar, Values } from './grammar.js';
import { flagNames, key, optionsWithValues, steps } from './words.js';

/** Returns the script for bash 3.2 (the version on macOS) and newer. */
export function bashScript(grammar: Grammar): string {
  const { program, nodes } = grammar;
  return `# bash completion of ${program}. Load it with: source <(${program} completion bash)
_${program}() {
  local at='' skip='' cur prev word i
  COMPREPLY=()
  cur=\${COMP_WORDS[COMP_CWORD]}
  prev=\${COMP_WORDS[COMP_CWORD-1]}
  # bash parts --option=value into three words.
  if [[ $cur == '=' ]]; then cur=''
  elif [[ $prev == '=' && $COMP_CWORD -gt 1 ]]; then prev=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    [[ $word == '=' ]] && continue
    if [[ -n $skip ]]; then skip=''; continue; fi
    case "$at $word" in
${steps(grammar)
  .map(({ path, word, to }) => `      ${quoted(key(path, word))}) at=${quoted(to)} ;;`)
  .join('\n')}
${any(
  optionsWithValues(grammar)
    .filter(({ needs }) => needs)
    .map(({ path, name }) => quoted(key(path, name))),
)}) skip=1 ;;
    esac
  done
  case "$at $prev" in
${optionsWithValues(grammar)
  .map(({ path, name, values }) => `    ${quoted(key(path, name))}) ${offer(values)}; return ;;`)
  .join('\n')}
  esac
  case "$at" in
${nodes
  .map((node) => {
    const words = node.commands.map(({ name }) => name);
    const rest = words.length > 0 ? offer(words) : node.values === null ? ':' : offer(node.values);
    return `    ${quoted(node.path)}) if [[ $cur == -* ]]; then ${offer(flagNames(node))}; else ${rest}; fi ;;`;
  })
  .join('\n')}
  esac
}
complete -F _${program} ${program}
`;
}

const any = (patterns: readonly string[]): string => `      ${patterns.join(' |\\\n      ')}`;

function offer(values: Values): string {
  if (values === 'any') return ':';
  if (values === 'file')
    return `compopt -o filenames 2>/dev/null; local IFS=$'\\n'; COMPREPLY=($(compgen -f -- "$cur"))`;
  return `COMPREPLY=($(compgen -W ${quoted(values.join(' '))} -- "$cur"))`;
}
