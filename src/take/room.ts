import { statfs } from 'node:fs/promises';

/** Room on a disk, in bytes. */
export interface DiskRoom {
  /** Available to this user. */
  free: number;
  /** Block size. A file takes whole blocks. */
  block: number;
}

/** Returns the room on the disk of a folder; null when unknown. */
export async function roomOf(folder: string): Promise<DiskRoom | null> {
  try {
    const { bavail, blocks, bsize } = await statfs(folder);
    return blocks === 0 || bsize === 0 ? null : { free: bavail * bsize, block: bsize };
  } catch {
    return null;
  }
}

/** Returns the bytes that files of these sizes take. */
export const bytesOnDisk = (sizes: readonly number[], { block }: Pick<DiskRoom, 'block'>): number =>
  sizes.reduce((sum, size) => sum + Math.ceil(size / block) * block, 0);

/** Formats a size as `14.2 GB`. */
export function bytesWords(bytes: number): string {
  const unit = bytes < 1e6 ? 'KB' : bytes < 1e9 ? 'MB' : 'GB';
  const value = bytes / { KB: 1e3, MB: 1e6, GB: 1e9 }[unit];
  return `${value.toFixed(value < 100 ? 1 : 0)} ${unit}`;
}
