/**
 * One sentence when this Node or this platform cannot run the project, else null. The limits are those of package.json.
 * Plain JavaScript, since scripts/setup.mjs needs it before anything is compiled; old Nodes must be able to read it.
 *
 * @param {{ engines: { node: string }, os: string[] }} manifest
 * @returns {string | null}
 */
export function machineFault({ engines, os }) {
  if (process.platform === 'win32')
    return 'Windows is supported through WSL only: install WSL and Node in it, and run the command there.';
  if (!os.includes(process.platform))
    return `Only ${os.join(' and ')} are supported; this is ${process.platform}.`;
  const oldest = engines.node.replace('>=', '');
  const [major = 0, minor = 0] = oldest.split('.').map(Number);
  const [ourMajor = 0, ourMinor = 0] = process.versions.node.split('.').map(Number);
  if (ourMajor > major || (ourMajor === major && ourMinor >= minor)) return null;
  return `Node ${oldest} or newer is needed; this is ${process.version} (${process.execPath}). Install Node 24.`;
}
