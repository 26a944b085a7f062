import ts from 'typescript';

const TESTS = new Set(['it', 'test', 'describe']);
const NOT_RUN = new Set(['skip', 'todo', 'skipIf', 'runIf', 'fails']);

/**
 * What the tests of a file are called, as its code has it: titles of tests and of groups, and texts in the rows of
 * tables, which fill the titles of `each`. Comments hold none, and neither does a test that is skipped.
 */
export function testTitles(source: string): Set<string> {
  const titles = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const names = calledNames(node.expression);
      if (TESTS.has(names[0] ?? '')) {
        if (names.some((name) => NOT_RUN.has(name))) return;
        const [title] = node.arguments;
        if (title !== undefined && ts.isStringLiteralLike(title)) titles.add(title.text);
      }
    }
    if (ts.isStringLiteralLike(node) && isInRow(node)) titles.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('a.test.ts', source, ts.ScriptTarget.Latest, true));
  return titles;
}

/** Of `it.skip.each(rows)(title, run)`: it, skip, each. */
function calledNames(callee: ts.Expression): string[] {
  if (ts.isIdentifier(callee)) return [callee.text];
  if (ts.isPropertyAccessExpression(callee)) return [...calledNames(callee.expression), callee.name.text];
  return ts.isCallExpression(callee) ? calledNames(callee.expression) : [];
}

const isInRow = ({ parent }: ts.Node): boolean =>
  ts.isArrayLiteralExpression(parent) || ts.isPropertyAssignment(parent);
