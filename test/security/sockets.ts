import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Linux only: what a process and all its descendants listen on, as the kernel has it. */
export interface Listening {
  pid: number;
  command: string;
  /** As /proc/net/tcp writes it: `127.0.0.1:8233`, `[::1]:8233`. */
  address: string;
}

const LISTEN = '0A';

export function listeningOf(root: number): Listening[] {
  const sockets = [...table('/proc/net/tcp', ipv4), ...table('/proc/net/tcp6', ipv6)];
  return descendants(root).flatMap((pid) => {
    const inodes = inodesOf(pid);
    return sockets
      .filter(({ inode }) => inodes.has(inode))
      .map(({ address }) => ({ pid, command: read(`/proc/${pid}/cmdline`).replaceAll('\0', ' '), address }));
  });
}

export function descendants(root: number): number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => {
      // The command's name stands in brackets and may hold blanks.
      const parent = read(`/proc/${name}/stat`).split(') ').at(-1)?.split(' ')[1];
      return { pid: Number(name), parent: Number(parent) };
    });
  const found = [root];
  for (const pid of found)
    found.push(...parents.filter(({ parent }) => parent === pid).map((each) => each.pid));
  return found;
}

function table(file: string, write: (hex: string) => string): { inode: string; address: string }[] {
  return read(file)
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === LISTEN)
    .map((fields) => {
      const [host = '', port = ''] = (fields[1] ?? '').split(':');
      return { inode: fields[9] ?? '', address: `${write(host)}:${Number.parseInt(port, 16)}` };
    });
}

/** Each group of four bytes is in the machine's order, which is little-endian wherever we run. */
const bytesOf = (hex: string): number[] =>
  (hex.match(/.{8}/g) ?? []).flatMap((group) => [...Buffer.from(group, 'hex')].reverse());
const ipv4 = (hex: string): string => bytesOf(hex).join('.');
const ipv6 = (hex: string): string => {
  const bytes = bytesOf(hex);
  const loopback = bytes.slice(0, 15).every((byte) => byte === 0) && bytes[15] === 1;
  return loopback ? '[::1]' : `[${Buffer.from(bytes).toString('hex')}]`;
};

function inodesOf(pid: number): Set<string> {
  try {
    const links = readdirSync(`/proc/${pid}/fd`).map((fd) => {
      try {
        return readlinkSync(`/proc/${pid}/fd/${fd}`);
      } catch {
        return '';
      }
    });
    return new Set(links.map((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? ''));
  } catch {
    return new Set();
  }
}

const read = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
};
