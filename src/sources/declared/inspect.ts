import { Fault, usageFault } from '../../fault.js';
import { type Backend, UnreadableRows } from '../backend.js';
import { countRanges } from '../queries.js';
import type { DeclaredRows } from '../types.js';
import { checkDeclaredIds } from './check-ids.js';
import { refuseUnindexed } from './page-plan.js';
import { type DeclaredShape, nameOf, refuseMissing, settingOf } from './shape.js';
import { pageQuery } from './text-queries.js';

/** Runs the checks of Catalog.inspect for declared rows: columns, permissions, whether a SELECT runs, an index, ids. */
export async function inspectDeclared(
  backend: Backend,
  rows: DeclaredRows,
  current: () => Promise<DeclaredShape>,
): Promise<{ dialect: Backend['dialect']; samples: number }> {
  const setting = settingOf(rows);
  try {
    const shape = await current();
    refuseMissing(shape, rows, backend.place);
    await tryOut(backend, shape, setting);
    const count = await backend.run(() => countRanges(backend.db, shape));
    if (count === 0 && (await backend.run(() => backend.hidesRows(shape.source))))
      throw usageFault(
        `${setting}: row-level security hides every row of ${nameOf(rows)} in ${backend.place} from this role: let a ` +
          'policy show them to it, or use a role that has BYPASSRLS',
      );
    await refuseUnindexed(backend, { shape, rows, count });
    await checkDeclaredIds(backend, shape);
    return { dialect: backend.dialect, samples: count };
  } catch (error) {
    if (error instanceof UnreadableRows)
      throw usageFault(
        `${setting}: ${nameOf(rows)} in ${backend.place} cannot be read: ${error.message}`,
        error,
      );
    if (backend.dialect === 'sqlite' || error instanceof Fault) throw error;
    // Before a run, a server that does not answer means a wrong setting.
    throw usageFault(`DATABASE_URL: cannot read ${error instanceof Error ? error.message : error}`, error);
  }
}

/** Runs the statement with limit 0 (syntax, permissions), then for one row: a function that writes fails only then. */
async function tryOut(backend: Backend, shape: DeclaredShape, setting: string): Promise<void> {
  for (const limit of [0, 1])
    try {
      await backend.run(() => pageQuery(shape, { after: null, limit }).execute(backend.db));
    } catch (error) {
      // A single unreadable row fails later, on its own.
      if (limit === 1 && error instanceof UnreadableRows) return;
      if (error instanceof Fault && error.kind === 'blocked')
        throw usageFault(`${setting}: ${error.message}`, error);
      throw error;
    }
}
