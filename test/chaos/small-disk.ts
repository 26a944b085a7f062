import { spawnSync } from 'node:child_process';
import { mkdirSync, statfsSync } from 'node:fs';

/** Bytes that it holds to begin with. */
export const SMALL = 6_000_000;

/** A small disk of its own. */
export interface SmallDisk {
  remount(options: string): boolean;
  /** From now on it holds so many bytes more than it does. */
  leave(bytes: number): boolean;
  unmount(): void;
}

const mount = (...args: string[]): boolean => spawnSync('mount', args).status === 0;

/** Null where this user may not mount one. */
export function smallDisk(path: string): SmallDisk | null {
  mkdirSync(path);
  if (!mount('-t', 'tmpfs', '-o', `size=${SMALL}`, 'tmpfs', path)) return null;
  const remount = (options: string): boolean => mount('-o', `remount,${options}`, path);
  return {
    remount,
    leave(bytes) {
      const { blocks, bfree, bsize } = statfsSync(path);
      return remount(`size=${(blocks - bfree) * bsize + bytes}`);
    },
    unmount: () => void spawnSync('umount', ['-l', path]),
  };
}
