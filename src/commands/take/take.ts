import type { SampleHit } from '../../search/sample-hit.js';
import type { Console } from '../console.js';
import { type TakeParts, takeHits } from './take-hits.js';
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
  parts: TakeParts,
): Promise<Taken> {
  const written = await takeHits(host, console, hits, parts);
  return {
    code: writtenCode(written),
    json: writtenJson(written),
    lines: writtenLines(written, hits.length),
  };
}
