import type { CopyResult } from '../../take/folder/copy-samples.js';
import { leftOutWords } from '../../take/left-out.js';
import type { LeftOut } from '../../take/prepare.js';
import { count, plain } from '../../terminal/format.js';
import { ExitCode } from '../exit-codes.js';
import type { ZipFileResult } from './zip-file.js';

/** What was written, and where. */
export interface Written {
  folder?: CopyResult & { path: string };
  zip?: ZipFileResult & { path: string };
  m3u8?: WrittenList;
  csv?: WrittenList;
}

export interface WrittenList {
  path: string;
  samples: number;
  /** Why the file was not written, with the cure; null: it was. */
  stopped: string | null;
}

/** For `--json`. */
export const writtenJson = ({ folder, zip, m3u8, csv }: Written): Record<string, unknown> => ({
  ...(folder && {
    folder: {
      path: folder.path,
      files: folder.copied.map(({ hit, to, how }) => ({ sample_id: hit.sample_id, path: to, state: how })),
      left_out: folder.leftOut.map(leftOutJson),
      stopped: folder.stopped,
    },
  }),
  ...(zip && {
    zip: {
      path: zip.path,
      files: zip.packed.map(({ hit, to }) => ({ sample_id: hit.sample_id, name: to })),
      left_out: zip.leftOut.map(leftOutJson),
      stopped: zip.stopped,
    },
  }),
  ...(m3u8 && { m3u8 }),
  ...(csv && { csv }),
});

const leftOutJson = ({ hit, reason }: LeftOut) => ({
  sample_id: hit.sample_id,
  title: hit.title,
  reason,
});

/** Returns the closing sentences, one per line. */
export function writtenLines({ folder, zip, m3u8, csv }: Written, asked: number): string[] {
  const lines: string[] = [];
  if (folder) {
    const there = folder.copied.filter(({ how }) => how === 'there').length;
    const copied = folder.copied.length - there;
    const more =
      there === 0 ? '' : `; ${count(there)} of the same bytes ${there === 1 ? 'was' : 'were'} there`;
    lines.push(`Copied ${filesOf(copied)} to ${folder.path}${more}.`);
    if (folder.stopped !== null) {
      const left = asked - folder.copied.length - folder.leftOut.length;
      lines.push(`Not copied: ${filesOf(left)}, because ${folder.stopped}.`);
    }
  }
  if (zip)
    lines.push(
      zip.stopped === null
        ? `Packed ${filesOf(zip.packed.length)} into ${zip.path}.`
        : `Not packed: ${zip.path}: ${zip.stopped}.`,
    );
  if (m3u8) lines.push(listWords(`The playlist of ${filesOf(m3u8.samples)}`, m3u8));
  if (csv) lines.push(listWords(`The table of ${samplesOf(csv.samples)}`, csv));
  // Folder and zip leave out the same samples.
  for (const each of folder?.leftOut ?? zip?.leftOut ?? []) lines.push(leftOutWords(each));
  return lines.map(plain);
}

const listWords = (what: string, { path, stopped }: WrittenList): string =>
  stopped === null ? `${what}: ${path}` : `Not written: ${path}: ${stopped}.`;
const filesOf = (number: number): string => `${count(number)} ${number === 1 ? 'file' : 'files'}`;
const samplesOf = (number: number): string => `${count(number)} ${number === 1 ? 'sample' : 'samples'}`;

export function writtenCode({ folder, zip, m3u8, csv }: Written): number {
  if ([folder, zip, m3u8, csv].some((each) => (each?.stopped ?? null) !== null)) return ExitCode.WorkRemains;
  const left = [...(folder?.leftOut ?? []), ...(zip?.leftOut ?? [])];
  return left.length > 0 ? ExitCode.SomeFailed : ExitCode.Ok;
}
