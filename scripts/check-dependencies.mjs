/**
 * `npm run check:dependencies`: checks our dependencies by the lock file and the registry. Exits with 1 for problems
 * that need a person: a production package that is deprecated, wrongly licensed or refuses a Node line we promise, an
 * install script that nobody has reviewed, a known vulnerability. Newer versions are only listed.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import semver from 'semver';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
const { allowScripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

const LINES = ['20.12.0', '22.12.0', '24.0.0', '26.0.0'];
/** On a Node line that one of these packages refuses, src/sqlite.ts uses the other one. */
const CHOSEN_BY_LINE = ['better-sqlite3', 'better-sqlite3-12'];
const LICENCES =
  /^\(?(MIT|ISC|0BSD|BSD-[23]-Clause|Apache-2\.0|BlueOak-1\.0\.0|CC-BY-4\.0|CC0-1\.0|Unlicense|Python-2\.0|WTFPL)\b/;

const all = Object.entries(packages)
  .filter(([path]) => path !== '')
  // The name by which the package is installed: an alias keeps its own name, which package.json uses too.
  .map(([path, entry]) => ({ ...entry, name: path.slice(path.lastIndexOf('node_modules/') + 13) }));
const production = all.filter(({ dev, devOptional }) => !dev && !devOptional);
const named = ({ name, version }) => `${name} ${version}`;

const wrong = [];
const say = (title, lines, isWrong) => {
  console.log(`${title}: ${lines.length === 0 ? 'none' : ''}`);
  for (const line of lines) console.log(`  ${line}`);
  if (isWrong) wrong.push(...lines);
};

console.log(`${production.length} packages in production, ${all.length} in all`);
const deprecated = (list) =>
  list.filter((each) => each.deprecated).map((each) => `${named(each)}: ${each.deprecated}`);
say('Deprecated, in production', deprecated(production), true);
say('Deprecated, for development', deprecated(all.filter((each) => !production.includes(each))), false);
say(
  'Licences that need a look, in production',
  production
    .filter(({ license = '' }) => !LICENCES.test(license))
    .map((each) => `${named(each)}: ${each.license ?? 'none stated'}`),
  true,
);
say(
  'Refuse a Node line that we promise, in production',
  production
    .filter(({ name }) => !CHOSEN_BY_LINE.includes(name))
    .flatMap((each) => {
      const refused = LINES.filter(
        (line) => each.engines?.node && !semver.satisfies(line, each.engines.node),
      );
      return refused.length > 0 ? [`${named(each)} (${each.engines.node}): ${refused.join(', ')}`] : [];
    }),
  true,
);
say(
  'Install scripts that allowScripts of package.json does not name',
  all.filter((each) => each.hasInstallScript && !(each.name in allowScripts)).map(named),
  true,
);

const npm = (...args) => spawnSync('npm', args, { cwd: root, encoding: 'utf8' });
const outdated = JSON.parse(npm('outdated', '--json').stdout || '{}');
say(
  'Newer versions',
  Object.entries(outdated).map(
    ([name, { current, wanted, latest }]) =>
      `${name} ${current ?? '–'} → ${wanted}${latest === wanted ? '' : `, latest ${latest}`}`,
  ),
  false,
);
const audit = npm('audit', '--omit=dev', '--json');
const report = parsed(audit.stdout);
if (report?.vulnerabilities === undefined)
  console.log(
    `Vulnerabilities: the registry gives no answer (${report?.message ?? report?.error?.summary ?? audit.stderr.split('\n')[0]})`,
  );
else
  say(
    'Vulnerabilities, in production',
    Object.values(report.vulnerabilities).map(({ name, severity, range }) => `${name} ${range}: ${severity}`),
    true,
  );
if (wrong.length > 0) {
  console.error(`${wrong.length} ${wrong.length === 1 ? 'thing needs' : 'things need'} somebody: see above.`);
  process.exitCode = 1;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
