import type { SilentKind } from '../../imports/silent-values.js';

/** What the name of a column may say that says nothing of how a sample sounds. */
export type SilentReason = SilentKind | 'lengths' | 'numbers and ratings' | 'people and rights';

/** Names as words in lower case with single blanks; `DateAdded`, `date_added` and `Date Added` are `date added`. */
const REASONS: readonly [SilentReason, RegExp][] = [
  [
    'dates and times',
    /\b(?:date|dates|datetime|timestamp|added|created|creation|modified|modification|updated|deleted|imported|uploaded|downloaded|purchased|published|accessed|played|[cma]time)\b|^date|date(?:added|created|modified)$|^(?:last|first) ?(?:played|used|opened|seen|scanned|modified|update|skipped|access|play)|^(?:release )?year(?: released)?$|^released$|^.+ (?:at|on)$|^(?:at|on)$/,
  ],
  ['sizes', /(?:^|\b|file)size(?: in)?(?: (?:k|m|g)?b(?:ytes)?)?$|(?:^| )(?:bytes|filesize)(?: |$)/],
  [
    'rates',
    /(?:sample|sampling|bit|frame|data) ?(?:rate|frequency|depth)|^(?:channels?|(?:num|number of|nr of|channel)? ?channels?|channel count|bits|bits per sample|kbps|khz)$/,
  ],
  [
    'lengths',
    /\bduration\b|^(?:(?:track|file|sample|audio|song|clip|total|play|playing|running) ?)?(?:length|time)(?: (?:s|sec|secs|seconds|ms|min|minutes|samples|frames))?$|(?:^| )(?:ms|secs|seconds)$/,
  ],
  [
    'numbers and ratings',
    /(?:play|skip|download|view|use|usage|like|rating|track|disc|movement) ?counts?$|^(?:num|number of|nr of) (?:plays|downloads|ratings|views|comments)|^(?:plays|skips|downloads|views|likes|votes|stars|times ?played|popularity|price|favou?rites?|loved|index|version|status)$|\bratings?$|(?:track|disc|movement|catalog(?:ue)?|cat) ?(?:number|no|nr|num|total)s?$|(?:^| )(?:version|status)$/,
  ],
  [
    'identifiers',
    /(?:^| )(?:id|ids|uid|uuid|guid|mbid|hash|file ?hash|md5|sha ?\d*|crc ?\d*|checksum|etag|token|isrc|barcode|ean|upc|asin|finger ?print|acoustid)(?: (?:hash|sum))?$/,
  ],
  ['addresses', /(?:^| )(?:uri|url|urls|href|website|homepage|permalink)$/],
  ['paths', /(?:^| |file|full|local)path$|(?:^| )(?:paths|directory)$/],
  [
    'formats',
    /^(?:file ?)?(?:format|codec|extension|ext|encoding|encoder|container)$|^file ?type$|^mime(?: ?type)?$/,
  ],
  [
    'data for programs',
    /\b(?:wave ?form|peaks|art ?work|thumbnail|embedding)s?\b|^(?:track |label )?colou?r$/,
  ],
  ['people and rights', /(?:^| )(?:user|owner|uploader|user ?name|licen[sc]e|copyright)$/],
];

/** Returns what the name of a column says that it holds; null: nothing that is left out of a text. */
export function silentName(name: string): SilentReason | null {
  const words = wordsOf(name);
  return REASONS.find(([, pattern]) => pattern.test(words))?.[0] ?? null;
}

const wordsOf = (name: string): string =>
  name
    .replace(/(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/gu, ' ')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .toLowerCase();
