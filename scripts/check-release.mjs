/** `npm run check:release`: checks that the release tag, package.json and CHANGELOG.md name the same version. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const changes = readFileSync(join(root, 'CHANGELOG.md'), 'utf8');
const tag = process.env.GITHUB_REF_NAME;

const wrong = [];
if (tag !== undefined && tag !== `v${version}`)
  wrong.push(`The tag is ${tag}, package.json says ${version}.`);
if (!new RegExp(`^## ${version.replaceAll('.', '\\.')} \\(\\d{4}-\\d{2}-\\d{2}\\)$`, 'm').test(changes))
  wrong.push(`CHANGELOG.md has no heading "## ${version} (YYYY-MM-DD)".`);
for (const line of wrong) console.error(line);
if (wrong.length > 0) process.exitCode = 1;
else console.log(`Version ${version} is ready to be released.`);
