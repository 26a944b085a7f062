import { createInterface } from 'node:readline/promises';
import { loadSettings, required } from '../../config.js';
import { judgedText, readJudged } from '../../eval/judged-file.js';
import { usageFault } from '../../fault.js';
import { openSearch } from '../../hosting/open-search.js';
import { searchText } from '../../search/search-samples.js';
import { count, plain } from '../../terminal/format.js';
import { isInteractive } from '../confirm.js';
import { createConsole } from '../console.js';
import { ExitCode } from '../exit-codes.js';
import { writeWhole } from '../write-file.js';

const GRADES = '3 exactly right · 2 good · 1 somewhat · 0 wrong · Enter skip · n next query · q quit';

/**
 * `embeddings judge [FILE]`: asks for a grade of each hit of past searches. Each grade is written at once, so judging
 * can be stopped and continued at any time. Exit 0; 2 without a terminal, or if there are no past searches.
 */
export async function judge(
  host: NodeJS.Process,
  options: { argument: string; queries: number; depth: number },
): Promise<number> {
  const console = createConsole(host, false);
  if (!isInteractive(host))
    throw usageFault(
      'judging needs a terminal: run embeddings judge in one, or write the file by hand as embeddings eval --help shows',
    );
  const settings = required(loadSettings(), 'storeUrl', 'catalogUrl');
  const file = options.argument;
  const judged = readJudged(file, { ifThere: true });
  const open = await openSearch(settings, { columns: null });
  const ask = createInterface({ input: host.stdin, output: host.stdout });
  // Ctrl-C and the end of input count as `q`.
  const closed = new Promise<string>((resolve) => ask.once('close', () => resolve('q')));
  try {
    const queries = await open.parts.store.pastQueries(options.queries);
    if (queries.length === 0)
      throw usageFault(
        'nobody has searched yet, so there is no query to judge: search first, with embeddings search "dark moody hip hop"',
      );
    console.say(GRADES);
    for (const [at, query] of queries.entries()) {
      const own = judged.find((one) => one.query === query) ?? { query, grades: new Map<string, number>() };
      const { hits } = await searchText(open.parts, query, { limit: options.depth, mode: 'hybrid' });
      const left = hits.filter((hit) => !own.grades.has(String(hit.sample_id)));
      if (left.length === 0) continue;
      console.say(`\n${at + 1} of ${count(queries.length)}: "${plain(query)}"`);
      for (const hit of left) {
        const words = [hit.title, hit.genre, hit.bpm, hit.key, hit.mood].filter((word) => word != null);
        const answer = await Promise.race([
          ask.question(`  ${plain(words.join(' · '))}  [0-3] `).catch(() => 'q'),
          closed,
        ]);
        const key = answer.trim().toLowerCase();
        if (key === 'q') return ExitCode.Ok;
        if (key === 'n') break;
        if (!/^[0-3]$/.test(key)) continue;
        own.grades.set(String(hit.sample_id), Number(key));
        if (!judged.includes(own)) judged.push(own);
        writeWhole(file, judgedText(judged));
      }
    }
    console.say(
      `\nDone: ${count(judged.length)} queries in ${file}. How good is search? embeddings eval --judged ${file}`,
    );
    return ExitCode.Ok;
  } finally {
    ask.close();
    await open.close();
  }
}
