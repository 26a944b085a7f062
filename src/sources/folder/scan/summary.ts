import type { Database } from '../../../sqlite.js';
import { isInside } from '../disk/roots.js';
import { type LeftOutTag, leftOutNote } from '../index-file/origins.js';
import type { DiskComparison } from './compare-with-disk.js';
import type { IndexedFiles } from './index-files.js';
import { countPath, countPathUnder, type PathTally, type ScanSummary } from './types.js';

/** What the file system's codes mean, for people. */
const REASONS: Record<string, string> = {
  EACCES: 'cannot be read by this user',
  EPERM: 'cannot be read by this program',
  ENOENT: 'is gone, or is a link that leads nowhere',
  ELOOP: 'is a link that leads to itself',
  ENAMETOOLONG: 'has too long a path',
  EIO: 'cannot be read by its disk',
  UNMOUNTED: 'is empty, as where a disk is not mounted',
};

export function summarise(
  index: Database.Database,
  {
    roots,
    compared,
    indexed,
    removed,
    took,
  }: {
    roots: readonly string[];
    compared: DiskComparison;
    indexed: IndexedFiles;
    removed: number;
    took: number;
  },
): ScanSummary {
  const count = index.prepare<[string], number>('select count(*) from files where root = ?').pluck();
  const unreadable: Record<string, PathTally> = {};
  for (const { path, code } of [...compared.unreadable, ...indexed.unreadable])
    countPathUnder(unreadable, REASONS[code] ?? `cannot be read (${code})`, path);
  const postponed: PathTally = { count: 0, examples: [] };
  for (const path of indexed.postponed) countPath(postponed, path);
  const outside: PathTally = { count: 0, examples: [] };
  for (const path of compared.outside) countPath(outside, path);
  const { added, changed, moved } = indexed;
  return {
    roots: roots
      .map((path) => ({ path, samples: count.get(path) ?? 0 }))
      .filter(
        ({ path, samples }) => samples > 0 || !roots.some((other) => other !== path && isInside(path, other)),
      ),
    samples: Number(index.prepare('select count(*) from files').pluck().get()),
    ...{ added, changed, moved, removed, unchanged: compared.unchanged },
    postponed,
    unreadable,
    outside,
    leftOut: problems(index, 'is null'),
    flawed: problems(index, 'is not null'),
    oddNames: oddNames(index),
    unreadTags: unreadTags(index),
    understood: keptUnderstood(index),
    took,
  };
}

const PATH = `folders.root || '/' || case folders.shown when '' then '' else folders.shown || '/' end || entries.shown`;
const FROM = 'from entries join folders on folders.id = entries.folder';

function problems(index: Database.Database, sample: 'is null' | 'is not null'): Record<string, PathTally> {
  const tallies: Record<string, PathTally> = {};
  const rows = index
    .prepare<[], { problem: string; path: string; count: number; place: number }>(
      `select * from (
         select problem, ${PATH} as path, count(*) over same as count, row_number() over same_in_order as place
         ${FROM} where problem is not null and sample ${sample}
         window same as (partition by problem), same_in_order as (partition by problem order by entries.id))
       where place <= 3`,
    )
    .all();
  for (const { problem, path, count } of rows) {
    tallies[problem] ??= { count, examples: [] };
    tallies[problem].examples.push(path);
  }
  return tallies;
}

function oddNames(index: Database.Database): PathTally {
  const odd = `${FROM} where folders.key || '/' || entries.name like '%//%'`;
  return {
    count: Number(index.prepare(`select count(*) ${odd}`).pluck().get()),
    examples: index.prepare<[], string>(`select ${PATH} ${odd} limit 3`).pluck().all(),
  };
}

/** Counts tags that were not understood, so that their columns are empty. */
function unreadTags(index: Database.Database): Record<string, PathTally> {
  const tallies: Record<string, PathTally> = {};
  const rows = index
    .prepare<[], Pick<LeftOutTag, 'field' | 'from'> & { path: string }>(
      `select tag.value ->> 'field' as field, tag.value ->> 'from' as "from", files.path as path
       from files, json_each(files.origins, '$.leftOut') as tag
       where files.origins like '%"leftOut":%' order by files.id`,
    )
    .iterate();
  for (const { path, ...tag } of rows) countPathUnder(tallies, leftOutNote(tag), path);
  return tallies;
}

/** Returns the stored counts. Counts again only after rows have changed, because that reads all rows. */
function keptUnderstood(index: Database.Database): ScanSummary['understood'] {
  const kept = index.prepare<[], string | null>('select understood from state').pluck().get();
  if (kept) return JSON.parse(kept) as ScanSummary['understood'];
  const counted = understood(index);
  index.prepare('update state set understood = ?').run(JSON.stringify(counted));
  return counted;
}

function understood(index: Database.Database): Record<string, Record<string, number>> {
  const by: Record<string, Record<string, number>> = {};
  const rows = index
    .prepare<[], { field: string; origin: string; count: number }>(
      // Quoted text and contradicting values are cut off: they differ from name to name.
      `with told as (
         select origin.key as field, substr(origin.value, 1, instr(origin.value || ';', ';') - 1) as origin
         from files, json_each(files.origins) as origin where origin.type = 'text')
       select field, substr(origin, 1, instr(origin || ' "', ' "') - 1) as origin, count(*) as count
       from told group by 1, 2 order by 1, 3 desc`,
    )
    .all();
  for (const { field, origin, count } of rows) {
    by[field] ??= {};
    by[field][origin] = count;
  }
  return by;
}
