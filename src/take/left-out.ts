import type { SampleHit } from '../search/sample-hit.js';
import { inert } from '../terminal/inert.js';
import type { LeftOut } from './prepare.js';

/** `Left out: 12 (Kick): the file is not there: connect its disk.` */
export const leftOutWords = ({ hit, reason }: LeftOut): string => `Left out: ${nameOf(hit)}: ${reason}.`;

const nameOf = ({ sample_id, title }: SampleHit): string =>
  title === null ? String(sample_id) : `${sample_id} (${inert(title).replace(/\s+/g, ' ').trim()})`;
