import type { Row } from '@libsql/client';
import type { GenerationScope } from './generations/scope.js';
import type { GenerationTables } from './generations/tables.js';
import { chunksOf, idList } from './rows.js';

/** Ids in one IN clause. */
const CHUNK = 4000;

/** Reads the rows of these samples, `atOnce` ids a statement. `select`: a SELECT from one table, without WHERE. */
export async function readByIds(
  {
    scope,
    operation,
    ids,
    atOnce = CHUNK,
  }: { scope: GenerationScope; operation: string; ids: readonly number[]; atOnce?: number },
  select: (tables: GenerationTables) => string,
): Promise<Row[]> {
  const found: Row[] = [];
  for (const some of chunksOf(ids, atOnce)) {
    const { rows } = await scope.read(
      operation,
      (tables) => `${select(tables)} WHERE sample_id IN (${idList(some)})`,
    );
    found.push(...rows);
  }
  return found;
}
