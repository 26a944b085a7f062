import { ExplainNode, type KyselyPlugin, RawNode, type RootOperationNode, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Backend } from '../../src/sources/backend.js';
import { createIntegerRows } from '../../src/sources/declared/integer-rows.js';
import { type DeclaredShape, discoverDeclared, lostDeclared } from '../../src/sources/declared/shape.js';
import { createTextRows } from '../../src/sources/declared/text-rows.js';
import { openBackend } from '../../src/sources/open-backend.js';
import { createReading } from '../../src/sources/reading.js';
import { createShapes } from '../../src/sources/shapes.js';
import type { DeclaredRows } from '../../src/sources/types.js';
import { declared, openTextIds, type TestTextIds } from './declared-sites.js';
import { postgresSite, type Site, sqliteSite } from './sites.js';

const ROWS = 50_000;

/** Has every statement explained instead of run: the very text that reads a page. */
function explaining(dialect: Backend['dialect'], plans: Record<string, unknown>[][]): KyselyPlugin {
  const explain =
    dialect === 'postgres'
      ? ExplainNode.create('json')
      : ExplainNode.create(undefined, sql`query plan`.toOperationNode());
  const words = dialect === 'postgres' ? 'explain (format json) ' : 'explain query plan ';
  return {
    transformQuery: ({ node }): RootOperationNode =>
      node.kind === 'SelectQueryNode' ? { ...node, explain } : RawNode.create([words, ''], [node]),
    async transformResult({ result }) {
      plans.push(result.rows as Record<string, unknown>[]);
      return { ...result, rows: [] };
    },
  };
}

interface Plan {
  'Node Type': string;
  Plans?: Plan[];
  [detail: string]: unknown;
}
const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

describe.each([
  { dialect: 'sqlite' as const, start: sqliteSite },
  { dialect: 'postgres' as const, start: postgresSite },
])('a page of 1,000 of 50,000 declared rows on $dialect', ({ dialect, start }) => {
  let site: Site;
  let url: string;
  let textIds: TestTextIds;
  beforeAll(async () => {
    site = await start();
    textIds = await openTextIds();
    const uuid = `substr(h, 1, 8) || '-' || substr(h, 9, 4) || '-' || substr(h, 13, 4) || '-' || substr(h, 17, 4) || '-' || substr(h, 21, 12)`;
    url = await site.make(
      dialect === 'postgres'
        ? [
            'create table packs (id integer primary key, name text)',
            `insert into packs select n, 'Pack ' || n from generate_series(0, 99) n`,
            'create table loops (number bigint primary key, uuid uuid unique not null, path text unique not null, title text, bpm numeric, pack integer)',
            `insert into loops select n, cast(${uuid} as uuid), 'drums/' || h || '.wav', 'Loop ' || n, n % 200, n % 100
               from (select n, md5(cast(n as text)) as h from generate_series(1, ${ROWS}) n) as made`,
            'analyze',
          ]
        : [
            'create table packs (id integer primary key, name text)',
            `with recursive s(n) as (select 0 union all select n + 1 from s where n < 99) insert into packs select n, 'Pack ' || n from s`,
            'create table loops (number integer primary key, uuid text unique not null, path text unique not null, title text, bpm numeric, pack integer)',
            `with recursive s(n, h) as (select 1, lower(hex(randomblob(16))) union all select n + 1, lower(hex(randomblob(16))) from s where n < ${ROWS})
               insert into loops select n, ${uuid}, 'drums/' || h || '.wav', 'Loop ' || n, n % 200, n % 100 from s`,
            'analyze',
          ],
    );
    await site.execute(
      url,
      'create view slow as select number, uuid, path, title, bpm from loops where bpm < 150',
    );
  }, 120_000);
  afterAll(async () => {
    await textIds?.close();
    await site?.close();
  });

  const SOURCES: [string, { table: string } | { select: string }][] = [
    ['table', { table: 'loops' }],
    ['view', { table: 'slow' }],
    [
      'SELECT',
      {
        select:
          'select l.number, l.uuid, l.path, l.title, p.name as pack from loops l left join packs p on p.id = l.pack',
      },
    ],
  ];
  const cases = SOURCES.flatMap(([kind, rows]) =>
    ['number', 'uuid', 'path'].flatMap((id) =>
      ['first', 'middle'].map((page) => [page, kind, id, rows] as const),
    ),
  );

  it.each(cases)(
    'the %s one of a %s by %s is one statement that seeks and sorts nothing',
    async (page, _, id, rows) => {
      const { explained, row } = await explain(declared(rows, { id, fields: ['title'] }), page === 'middle');
      expect(row).toMatchObject({ title: expect.stringMatching(/^Loop/) });
      expect(explained).toHaveLength(1);
      if (dialect === 'sqlite') {
        const lines = (explained[0] ?? []).map(({ detail }) => String(detail));
        expect(lines.join('\n')).not.toMatch(/TEMP B-TREE|MATERIALIZE|AUTOMATIC/);
        // From the start the walk along the index, or along the table by its own key, stops after the page.
        const loop =
          page === 'middle'
            ? /^SEARCH \w+ USING (INTEGER PRIMARY KEY|INDEX \w+) \(\w+>\?\)$/
            : /^SCAN \w+( USING INDEX \w+)?$/;
        expect(lines[0]).toMatch(loop);
        expect(
          lines.slice(1).every((line) => /^SEARCH p USING INTEGER PRIMARY KEY \(rowid=\?\)/.test(line)),
        ).toBe(true);
        return;
      }
      const [{ Plan: plan } = { Plan: { 'Node Type': 'none' } }] = JSON.parse(
        String(explained[0]?.[0]?.['QUERY PLAN']),
      ) as { Plan: Plan }[];
      const nodes = nodesOf(plan);
      const types = nodes.map((node) => node['Node Type']);
      expect(types[0]).toBe('Limit');
      expect(types.filter((type) => /Sort/.test(type))).toEqual([]);
      expect(
        nodes.filter((node) => node['Node Type'] === 'Seq Scan' && node['Relation Name'] !== 'packs'),
      ).toEqual([]);
      const scan = nodes.find((node) => node['Relation Name'] === 'loops');
      expect(scan?.['Node Type']).toBe('Index Scan');
      expect(scan?.['Index Cond'] ?? 'none').toMatch(page === 'middle' ? new RegExp(`${id} >=? `) : /^none$/);
    },
  );

  it('of ids by name is one statement that seeks each', async () => {
    for (const [, rows] of SOURCES)
      for (const id of ['number', 'uuid', 'path']) {
        const { explained } = await explain(declared(rows, { id, fields: ['title'] }), 'ids');
        expect(explained).toHaveLength(1);
        expect(JSON.stringify(explained)).not.toMatch(
          /SCAN loops|Seq Scan[^}]*"Relation Name\\*":\s*\\*"loops/,
        );
      }
  });

  async function explain(rows: DeclaredRows, page: boolean | 'ids') {
    const backend = await openBackend(url, { readOnly: true });
    try {
      const plans: Record<string, unknown>[][] = [];
      const partOf = (of: Backend) => {
        const shapes = createShapes<DeclaredShape>(backend, {
          discover: () => discoverDeclared(backend, rows),
          lost: lostDeclared,
        });
        const reading = createReading(of, shapes);
        return rows.id === 'number'
          ? createIntegerRows(of, reading, new Map())
          : createTextRows(of, reading, { keys: textIds, readings: new Map() });
      };
      const read = partOf(backend);
      const [row] = await read.readPage({ after: null, limit: 500 });
      const middle = (await read.readPage({ after: null, limit: 500 })).at(-1)?.id ?? null;
      const explainer = partOf({ ...backend, db: backend.db.withPlugin(explaining(dialect, plans)) });
      if (page === 'ids') await explainer.readIds([row?.id ?? 0, middle ?? 0]);
      else await explainer.readPage({ after: page ? middle : null, limit: 1000 });
      return { explained: plans, row };
    } finally {
      await backend.close();
    }
  }
});
