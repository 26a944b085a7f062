/** Note names from C on, as this program writes them. */
export const NOTES = ['C', 'C#', 'D', 'D#', 'E', 'F', 'F#', 'G', 'G#', 'A', 'A#', 'B'];

/**
 * Returns a written key as `Am`, `F#`; null if it is none (`o`: off key). Understands `A minor`, `F# maj`, `Bbm`,
 * Camelot's `8A` and Open Key's `1m`.
 */
export function readKey(text: string): string | null {
  const value = text.trim();
  const wheel = /^(1[0-2]|0?[1-9])\s*([ABdm])$/i.exec(value);
  if (wheel?.[1] && wheel[2]) return fromWheel(Number(wheel[1]), wheel[2]);
  const match = /^([A-G])\s*([#b♯♭]|[- ]?(?:sharp|flat))?[-_ ]*(m|min|minor|mol|moll|maj|major|dur)?$/i.exec(
    value,
  );
  if (!match?.[1]) return null;
  const sign = /^(#|♯|[- ]?sharp)$/i.test(match[2] ?? '') ? '#' : match[2] ? 'b' : '';
  // A single `M` means major, and `m` minor.
  const minor = match[3] !== 'M' && /^(m|min|minor|mol|moll)$/i.test(match[3] ?? '');
  return `${match[1].toUpperCase()}${sign}${minor ? 'm' : ''}`;
}

const MAJOR = ['C', 'Db', 'D', 'Eb', 'E', 'F', 'F#', 'G', 'Ab', 'A', 'Bb', 'B'];
const MINOR = ['Cm', 'C#m', 'Dm', 'Ebm', 'Em', 'Fm', 'F#m', 'Gm', 'G#m', 'Am', 'Bbm', 'Bm'];

/** Returns the key for a number on the circle of fifths, as disc jockeys write it; Camelot's 8 is Open Key's 1. */
function fromWheel(hour: number, letter: string): string {
  const camelot = /[AB]/i.test(letter);
  const minor = camelot ? /a/i.test(letter) : /m/i.test(letter);
  const fifths = camelot ? hour - 8 : hour - 1;
  const tonic = (((fifths * 7) % 12) + 12 + (minor ? 9 : 0)) % 12;
  return (minor ? MINOR : MAJOR)[tonic] ?? '';
}

/** A key by its sound. */
export interface Pitch {
  /** Half tones above C, 0 to 11. */
  tonic: number;
  minor: boolean;
}

/** Returns the pitch of a key that readKey understands; a key without a mode counts as major. Null if it is none. */
export function readPitch(text: string): Pitch | null {
  const key = readKey(text);
  const [, tonic, mode] = /^(\d+)(m?)$/.exec(key === null ? '' : pitchOf(key)) ?? [];
  return tonic === undefined ? null : { tonic: Number(tonic), minor: mode === 'm' };
}

/** Returns text that is equal for keys that sound the same: `Db` and `C#`. */
export function pitchOf(key: string): string {
  const match = /^([A-G])([#b]?)(.*)$/.exec(key);
  if (!match?.[1]) return key;
  const shift = match[2] === '#' ? 1 : match[2] === 'b' ? 11 : 0;
  return `${(NOTES.indexOf(match[1]) + shift) % 12}${match[3]}`;
}
