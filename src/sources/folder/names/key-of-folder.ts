import type { KeyReading } from './key-readings.js';
import { soundingKey } from './keys.js';

const rootOf = (key: string): string => soundingKey(key).replace(/m$/, '');

/**
 * Chooses between the key of a file's name and the key of its folder. The file's key is used, unless only the folder's
 * names its mode: for the same root the folder's key is used, "E" below "Kit_E_minor"; for another root a letter
 * that may count takes is not used, nor is the folder's key: "Test_A" below "Kit_F_minor".
 *
 * Either key may be null; returns null if none is told.
 */
export function settleKey(own: KeyReading | null, folder: KeyReading | null): 'own' | 'folder' | null {
  if (own === null) return folder === null ? null : 'folder';
  if (folder?.plainness !== 'mode' || own.plainness === 'mode') return 'own';
  if (rootOf(own.key) === rootOf(folder.key)) return 'folder';
  return own.mayBeTake ? null : 'own';
}
