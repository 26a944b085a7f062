export { DEFAULT_IGNORE } from './disk/ignore.js';
export { type IndexState, readIndexState } from './index-file/state.js';
export { bringUpToDate, type ScanOptions } from './scan/bring-up-to-date.js';
export type { PathTally, ScanProgress, ScanSummary } from './scan/types.js';
