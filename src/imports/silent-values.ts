import type { Value } from './types.js';

/** What a column holds that says nothing of how a sample sounds. */
export type SilentKind =
  | 'dates and times'
  | 'addresses'
  | 'paths'
  | 'identifiers'
  | 'rates'
  | 'sizes'
  | 'formats'
  | 'data for programs';

const MONTH =
  '(?:jan|feb|fév|mar|mär|mrz|apr|avr|abr|may|mai|jun|jui|jul|aug|aoû|ago|sep|oct|okt|nov|dec|dez|déc|dic)\\p{L}*\\.?';
const CLOCK =
  '\\d{1,2}:\\d{2}(?::\\d{2}(?:[.,]\\d+)?)?(?:\\s*[ap]\\.?m\\.?)?(?:\\s*(?:z|utc|gmt|[+-]\\d{2}:?\\d{2}))?';
const DATE = [
  String.raw`\d{4}[-/](?:0\d|1[0-2])(?:[-/][0-3]?\d)?|\d{4}\.\d{1,2}\.\d{1,2}`,
  String.raw`\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})`,
  String.raw`(?:\p{L}{2,9}\.?,?\s+)?(?:\d{1,2}\.?[\s-]${MONTH}|${MONTH}\s+\d{1,2}),?[\s-]+\d{4}`,
].join('|');
const AUDIO = 'wav|wave|aiff?|mp3|mp4|m4a|aac|flac|ogg|opus|wma|alac|rx2|rex';

/** A value of a column is of the kind if it matches. A column is of a kind if all of its values are. */
const KINDS: readonly [SilentKind, RegExp][] = [
  ['dates and times', new RegExp(`^(?:(?:${DATE})(?:[T,]?\\s*${CLOCK})?|(?:\\d{1,3}:)?${CLOCK})$`, 'iu')],
  // Seconds and milliseconds since 1970, of 2001 to 2033.
  ['dates and times', /^1\d{9}(?:\d{3})?(?:\.\d+)?$/],
  ['addresses', /^(?:[a-z][a-z0-9+.-]*:\/\/|www\.|mailto:)\S+$/i],
  ['paths', /^(?:[a-z]:[\\/]|\\\\|~?\/|\.{1,2}[\\/])[^\n]*$/i],
  ['paths', new RegExp(`^[^\\n]+\\.(?:${AUDIO}|asd|png|jpe?g|gif|webp|svg|json|xml|pdf)$`, 'i')],
  ['identifiers', /^\{?(?:urn:uuid:)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?$/i],
  // Checksums, also with their name before them, and ids of ULID.
  [
    'identifiers',
    /^(?:(?:md5|sha-?\d+|blake\w+|xxh\w*)[:=])?(?:[0-9a-f]{16}|[0-9a-f]{24,128}|[0-9A-HJKMNP-TV-Z]{26})$/i,
  ],
  ['rates', /^(?:44100|48000|88200|96000|176400|192000)(?:\.0+)?(?:\s*hz)?$/i],
  ['rates', /^(?:22[.,]05|32|44[.,]1|48|88[.,]2|96|176[.,]4|192)\s*khz$/i],
  ['rates', /^\d+(?:[.,]\d+)?\s*(?:kbps|kbit\/s|kb\/s|kbits?)$/i],
  ['sizes', /^\d[\d.,\s]*(?:bytes|[kmg]i?b)$/i],
  [
    'formats',
    new RegExp(`^\\.?(?:${AUDIO}|mpeg|pcm|apple lossless)(?:[- ]audio)?(?:[- ](?:file|datei))?$`, 'i'),
  ],
  ['data for programs', /^(?:data:\S+|(?=.*\d)(?=.*[a-z])(?=.*[A-Z])[A-Za-z0-9+/]{40,}={0,2})$/],
  ['data for programs', /^(?:-?\d+(?:\.\d+)?(?:e[+-]?\d+)?[\s,;]+){7,}-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i],
];
/** What stands for no value. */
const NONE = /^(?:[-–—?]+|n\/?a|none|null|never|unknown|0)$/i;

/** Reads the values of columns, and finds those that hold one silent kind alone. */
export class SilentColumns {
  /** Kinds that each column may still be, as places in KINDS; undefined: no value was seen yet. */
  private readonly left: (number[] | undefined)[] = [];

  add(values: readonly Value[]): void {
    for (let at = 0; at < values.length; at++) {
      const value = values[at] ?? null;
      if (value === null || this.left[at]?.length === 0) continue;
      const texts = textsIn(value);
      if (texts.length === 0) continue;
      this.left[at] = (this.left[at] ?? [...KINDS.keys()]).filter((kind) =>
        texts.every((text) => KINDS[kind]?.[1].test(text)),
      );
    }
  }

  /** Returns the kind of a column; null: it may say how a sample sounds, or has no values. */
  kindOf(at: number): SilentKind | null {
    const [first] = this.left[at] ?? [];
    return first === undefined ? null : (KINDS[first]?.[0] ?? null);
  }
}

/** Returns a value's texts: of JSON those in its lists and objects, and its numbers, joined, where it has no text. */
function textsIn(value: string | number): string[] {
  const whole = String(value).trim();
  const all = /^[[{]/.test(whole) ? leavesOf(whole) : [whole];
  return all.filter((text) => text !== '' && !NONE.test(text));
}

function leavesOf(json: string): string[] {
  try {
    const texts: string[] = [];
    const numbers: number[] = [];
    JSON.parse(json, (_key, value: unknown) => {
      if (typeof value === 'string') texts.push(value.trim());
      else if (typeof value === 'number') numbers.push(value);
      return value;
    });
    return numbers.length === 0 ? texts : [...texts, numbers.join(', ')];
  } catch {
    return [json];
  }
}
