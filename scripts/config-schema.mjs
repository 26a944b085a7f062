/** `npm run schema`: writes embeddings.config.schema.json, by which editors check embeddings.config.yaml. Needs a build. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { configJsonSchema } from '../dist/collections/config-schema.js';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const file = join(root, 'embeddings.config.schema.json');
writeFileSync(file, JSON.stringify(configJsonSchema()));
const biome = join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
const { status } = spawnSync(process.execPath, [biome, 'format', '--write', file], {
  stdio: 'inherit',
  cwd: root,
});
process.exitCode = status ?? 1;
