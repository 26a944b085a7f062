import type { SampleHit } from '../../search/sample-hit.js';
import type { Console } from '../console.js';
import { type TakeParts, takeHits } from './take-hits.js';
import { writtenCode, writtenJson, writtenLines } from './written.js';

/** The result of writing samples to files. */
export interface Taken {
  /** The exit code. */
  code: number;
  /** For `--json`. */
  json: Record<string, unknown>;
  /** For a person. */
  lines: string[];
}

/** Writes samples to all targets and returns the lines to print. */
export async function take(
  host: NodeJS.Process,
  console: Console,
  hits: readonly SampleHit[],
  parts: TakeParts,
): Promise<Taken> {
  const written = await takeHits(host, console, hits, parts);
  return {
    code: writtenCode(written),
    json: writtenJson(written),
    lines: writtenLines(written, hits.length),
  };
}
