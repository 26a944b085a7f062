import { expect, test } from 'vitest';
import { checkSelect } from '../../src/collections/select-statement.js';

test.each<[string, string]>([
  ['SELECT 1', 'SELECT 1'],
  ['  select id from t ;\n', 'select id from t'],
  ['WITH x AS (SELECT 1 AS id) SELECT * FROM x', 'WITH x AS (SELECT 1 AS id) SELECT * FROM x'],
  ['-- sounds\nSELECT 1 -- one', '-- sounds\nSELECT 1'],
  ['/* sounds; */ SELECT 1; /* end */', '/* sounds; */ SELECT 1'],
  ["SELECT ';' AS a", "SELECT ';' AS a"],
  [`SELECT "a;b", 'it''s; INTO' FROM t`, `SELECT "a;b", 'it''s; INTO' FROM t`],
  ['SELECT $x$ ; INTO $x$, $$;$$', 'SELECT $x$ ; INTO $x$, $$;$$'],
  ['SELECT update, deleted FROM t', 'SELECT update, deleted FROM t'],
  ["SELECT tags ? 'a' FROM t", "SELECT tags ? 'a' FROM t"],
])('takes %j', (text, select) => {
  expect(checkSelect(text)).toEqual({ select });
});

test.each<[string, RegExp]>([
  ['', /must begin with SELECT or WITH/],
  ['DELETE FROM t', /must begin/],
  ['selection', /must begin/],
  ['EXPLAIN SELECT 1', /must begin/],
  ['PRAGMA table_info(t)', /must begin/],
  ['SELECT 1; DROP TABLE t', /has more after a semicolon: write one statement/],
  ["SELECT 'a'; SELECT 'b';", /has more after a semicolon/],
  ['WITH x AS (DELETE FROM t RETURNING *) SELECT * FROM x', /changes rows/],
  ['WITH x AS MATERIALIZED ( INSERT INTO t VALUES (1) RETURNING id) SELECT * FROM x', /changes rows/],
  ['SELECT * INTO copy FROM t', /makes a table/],
  ['SELECT * FROM t FOR UPDATE', /locks rows/],
  ['SELECT * FROM t FOR NO KEY UPDATE', /locks rows/],
  ['SELECT * FROM t WHERE id = $1', /has a parameter: write the value itself/],
])('refuses %j', (text, wrong) => {
  expect(checkSelect(text)).toEqual({ wrong: expect.stringMatching(wrong) });
});
