import { findConfigFile } from '../../collections/config-file.js';
import { loadEnvironmentSettings } from '../../config.js';
import { isLibrary } from '../../sources/tables.js';
import { inert } from '../../terminal/inert.js';
import { createConsole } from '../console.js';
import { ExitCode } from '../exit-codes.js';
import { namedCatalog } from './named-catalog.js';

type Clack = typeof import('@clack/prompts');

/**
 * Says what to do after the questions. Where the catalog is a database without the sample library's tables, asks which
 * table holds the samples, and declares it.
 */
export async function nextStep(host: NodeJS.Process, clack: Clack): Promise<number> {
  const { environment, catalogUrl } = loadEnvironmentSettings();
  const isDeclared = findConfigFile(host.cwd()) !== null;
  const named =
    isDeclared || catalogUrl === null ? null : await namedCatalog(environment.DATABASE_URL ?? '', host.cwd());
  if (named?.kind === 'unread' && named.why !== null) clack.log.warn(inert(named.why));
  if (named?.kind === 'database' && named.tables.length > 0 && !isLibrary(named.tables)) {
    const table = await clack.select({
      message:
        'The catalog has no table samples with id, a whole number, and title. Which one holds the samples?',
      options: [
        ...named.tables.map(({ name, columns }) => ({
          value: name,
          label: inert(name),
          hint: inert(columns.map((column) => column.name).join(', ')),
        })),
        { value: '', label: 'none of these' },
      ],
    });
    if (!clack.isCancel(table) && table !== '') {
      const { declareTable } = await import('./declare-table.js');
      return declareTable(host, createConsole(host, false), { table });
    }
  }
  clack.outro(
    named?.kind === 'folder'
      ? 'Next: embeddings scan reads the folder and shows what it recognizes; embeddings --all embeds it'
      : 'Next: embeddings doctor',
  );
  return ExitCode.Ok;
}
