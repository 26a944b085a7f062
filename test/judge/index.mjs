export { editCatalog } from './catalog.mjs';
export { readLedger } from './ledger.mjs';
export { PICOS } from './provider/bill.mjs';
export { runWay } from './run-way.mjs';
export { setSite } from './site.mjs';
export { figuresOf, judge } from './verdict/index.mjs';
export { WAYS, wayNamed } from './ways/index.mjs';
