import type { Settings } from '../../config.js';
import type { SampleHit } from '../../search/sample-hit.js';
import type { Console } from '../console.js';
import type { TakeOptions } from './options.js';
import { takeHits } from './take-hits.js';
import type { Targets } from './targets.js';
import { writtenCode, writtenJson, writtenLines } from './written.js';

/** What came of taking samples along. */
export interface Taken {
  /** The exit code. */
  code: number;
  /** For `--json`. */
  json: Record<string, unknown>;
  /** For a person. */
  lines: string[];
}

/** Writes samples wherever they are wanted, and says what there is to say of it. */
export async function take(
  host: NodeJS.Process,
  console: Console,
  hits: readonly SampleHit[],
  { options, targets, settings }: { options: TakeOptions; targets: Targets; settings: Settings },
): Promise<Taken> {
  const written = await takeHits(host, console, hits, options, targets, settings);
  return {
    code: writtenCode(written),
    json: writtenJson(written),
    lines: writtenLines(written, hits.length),
  };
}
