/** Imports point one way; a room knows only the rooms below it. */
const room = (name) => `^src/${name}/`;
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { path: '^src/', pathNot: allowed },
});
module.exports = {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    only('workflows-know-the-contract', room('workflows'), ['^src/workflows/', '^src/contract/'], 'Workflow code is deterministic: it imports only the contract and its own pure files.'),
    { name: 'workflows-no-node', severity: 'error', from: { path: room('workflows') }, to: { dependencyTypes: ['core'] } },
    { name: 'workflows-no-libraries', severity: 'error', from: { path: room('workflows') }, to: { path: 'node_modules', pathNot: 'node_modules/@temporalio/(workflow|common)' } },
    only('contract-is-pure', '^src/contract/', ['^src/contract/'], 'What crosses between client, workflow and activities knows nobody.'),
    only('sources', room('sources'), ['^src/sources/', '^src/local/process-lock\\.ts$', '^src/(fault|hide-secrets|sqlite)\\.ts$', '^src/contract/'], 'A source only reads; a folder is indexed by one process at a time.'),
    only('providers', room('providers'), ['^src/providers/', '^src/outgoing/', '^src/(fault|hide-secrets)\\.ts$', '^src/contract/'], 'A provider knows texts, not where they are from and not stores.'),
    only('collections', room('collections'), ['^src/collections/', '^src/settings/', '^src/sources/(types|url|folder/index-file/schema)\\.ts$', '^src/engines/libsql/url\\.ts$', '^src/(fault|hide-secrets)\\.ts$', '^src/contract/'], 'What is embedded, as a value; it opens no database.'),
    only('imports', room('imports'), ['^src/imports/', '^src/collections/field\\.ts$', '^src/local/process-lock\\.ts$', '^src/(fault|sqlite)\\.ts$'], 'An import reads a file into a catalog file; it knows no command and no collection.'),
    only('outgoing', room('outgoing'), ['^src/outgoing/'], 'How requests leave this machine; it knows nobody.'),
    only('engines', room('engines'), ['^src/engines/', '^src/outgoing/', '^src/fault\\.ts$', '^src/contract/'], 'An engine knows vectors and the ledger, not where texts are from.'),
    only('terminal', room('terminal'), ['^src/terminal/', '^src/contract/'], 'The terminal only shows.'),
    only('domain', room('domain'), ['^src/domain/', '^src/(collections|engines|providers|sources)/', '^src/contract/', '^src/fault\\.ts$'], 'What a run comes to: rules that know no Temporal, no HTTP and no SQL.'),
    { name: 'domain-without-temporal', severity: 'error', from: { path: room('domain') }, to: { path: 'node_modules/@temporalio' } },
    only('activities', room('activities'), ['^src/activities/', '^src/(collections|domain|engines|providers|sources)/', '^src/contract/', '^src/(fault|hide-secrets)\\.ts$'], 'Activities join catalog, provider and store; they know no command and no host.'),
    only('verify', room('verify'), ['^src/verify/', '^src/(collections|domain|engines|providers|sources)/', '^src/contract/', '^src/fault\\.ts$'], 'Verifying joins catalog and store; it knows no command and no terminal.'),
    only('reconcile', room('reconcile'), ['^src/reconcile/', '^src/providers/', '^src/engines/libsql/attempt-reads\\.ts$', '^src/contract/', '^src/fault\\.ts$'], 'Reconciling compares what it is given; it knows no command and no terminal.'),
    only('explain', room('explain'), ['^src/explain/', '^src/(collections|domain|engines|providers|sources)/', '^src/contract/', '^src/fault\\.ts$'], 'Explaining joins catalog and store; it knows no command and no terminal.'),
    only('map', room('map'), ['^src/map/', '^src/(engines|sources)/', '^src/contract/', '^src/(fault|seeded-random)\\.ts$'], 'The map joins vectors and titles; it knows no command and no page.'),
    only('report', room('report'), ['^src/report/', '^src/(engines|sources)/', '^src/contract/', '^src/fault\\.ts$'], 'The report adds up; it knows no command and no page.'),
    only('pages', room('pages'), ['^src/pages/', '^src/(map/map|report/report)-data\\.ts$'], 'Pages run in a browser: nothing of ours goes with them but the types of what they show.'),
    only('search', room('search'), ['^src/search/', '^src/(collections|domain|engines|providers|sources)/', '^src/contract/', '^src/(fault|sqlite)\\.ts$'], 'Search joins catalog, provider and store; it knows no command and no terminal.'),
    only('local', room('local'), ['^src/local/', '^src/(fault|hide-secrets|seeded-random|sqlite)\\.ts$', '^src/contract/'], 'The local parts stand for the outside world: the product reaches them as it reaches the real ones.'),
    { name: 'one-sqlite', comment: 'Which better-sqlite3 works depends on the Node: src/sqlite.ts chooses.', severity: 'error', from: { pathNot: '^src/sqlite\\.ts$' }, to: { path: 'node_modules/better-sqlite3' } },
    { name: 'hosting-below-commands', severity: 'error', from: { path: room('hosting') }, to: { path: '^src/(commands|terminal|client|worker)' } },
  ],
  options: { tsPreCompilationDeps: true, doNotFollow: { path: 'node_modules' }, tsConfig: { fileName: 'tsconfig.json' }, enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] } },
};
