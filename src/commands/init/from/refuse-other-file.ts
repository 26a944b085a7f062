import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { usageFault } from '../../../fault.js';
import type { Origin } from '../../../imports/catalog-file.js';
import type { FileKind } from '../../../imports/types.js';
import { inShell } from '../../../in-shell.js';
import { realPath } from '../../write-file.js';
import { LONGEST_NAME } from '../declare-table.js';

/**
 * Throws a usage Fault if the collection's rows were read from another file: its samples, whose vectors may be paid for,
 * would be gone. `folder`: where catalog files are; `taken`: names of the collections that are declared.
 */
export function refuseOtherFile(
  origin: Origin,
  { kind, file, name }: { kind: FileKind; file: string; name: string },
  { folder, taken }: { folder: string; taken: readonly string[] },
): void {
  if (isSameFile(origin.file, file)) return;
  const command = `embeddings init --from ${kind} ${inShell(file)} --collection`;
  throw usageFault(
    `The collection ${name} holds the rows of another file, ${origin.file}: name another collection for this one, ` +
      `${command} ${freeName(name, folder, taken)}, or, if it takes the place of that file, ${command} ${name} --replace`,
  );
}

const isSameFile = (one: string, other: string): boolean => realPath(one) === realPath(other);

/** Returns the name with the first number that no collection and no catalog file has. */
function freeName(name: string, folder: string, taken: readonly string[]): string {
  for (let number = 2; ; number++) {
    const end = `-${number}`;
    const free = `${name.slice(0, LONGEST_NAME - end.length)}${end}`;
    if (!taken.includes(free) && !existsSync(join(folder, `${free}.catalog.db`))) return free;
  }
}
