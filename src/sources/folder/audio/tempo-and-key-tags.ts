import { readKey } from '../../../musical-key.js';
import type { AudioFacts, SourcedValue } from './facts.js';

/** `128`, `120,5`, `~90`, `120 BPM`. */
const TEMPO = /^[~≈]?\s*(\d+(?:[.,]\d+)?)\s*(?:bpm)?$/i;
/** What programs write where they know none. */
const NO_TEMPO = /^[0.,\s-]*(?:bpm)?$/i;
const NO_KEY = /^(o|off|off[ -]?key|all|none|no key|atonal|unknown|n\/?a|[\s\d-]*)$/i;

/** Takes the first tag that holds a tempo from 20 to 400. Otherwise keeps the first that holds something else as unread. */
export function takeTempo(tags: readonly SourcedValue[], facts: AudioFacts): void {
  for (const { value, from } of tags) {
    const tempo = Number(TEMPO.exec(value.trim())?.[1]?.replace(',', '.'));
    if (tempo >= 20 && tempo <= 400) facts.bpm ??= { value: tempo, from };
    else if (!NO_TEMPO.test(value)) keepUnread(facts, 'bpm', { value, from });
  }
}

/** Takes the first tag that holds a key. Otherwise keeps the first that holds something else as unread. */
export function takeKey(tags: readonly SourcedValue[], facts: AudioFacts): void {
  for (const tag of tags) {
    if (readKey(tag.value) !== null) facts.key ??= tag;
    else if (!NO_KEY.test(tag.value.trim())) keepUnread(facts, 'key', tag);
  }
}

function keepUnread(facts: AudioFacts, field: 'bpm' | 'key', tag: SourcedValue): void {
  facts.unread ??= {};
  facts.unread[field] ??= tag;
}
