import { type CatalogShape, hidesSamples, type TableName } from '../sources/types.js';
import { count } from './count.js';

/** Returns the notes on a catalog for doctor and dry run: sentences without a full stop. */
export const notesOf = ({ samples, analyses, filled, hidden }: CatalogShape): string[] => [
  analyses === null
    ? `${count(samples)} samples`
    : `${count(analyses)} of ${count(samples)} samples have an analysis`,
  ...gapsOf({ absent: Object.keys(filled).filter((field) => filled[field] === null), hidden }),
];

/** Returns what the texts lack: missing columns and hidden rows. Empty if nothing is missing. */
export function gapsOf({
  absent,
  hidden,
}: {
  absent: readonly string[];
  hidden: readonly TableName[];
}): string[] {
  const ofAnalyses = absent.filter((field) => field.startsWith('vibe_analyses.'));
  const named =
    ofAnalyses.length === ANALYSIS_COLUMNS
      ? [...absent.filter((field) => !ofAnalyses.includes(field)), 'vibe_analyses']
      : absent;
  return [
    ...(named.length > 0 ? [`missing, so left out of the texts: ${named.join(', ')}`] : []),
    ...hidden.map(
      (table) =>
        `row-level security hides rows of ${table} from this role: ` +
        (hidesSamples([table])
          ? 'hidden samples are not embedded, and --prune is refused'
          : 'samples may seem to have no analysis'),
    ),
  ];
}

/** Columns of vibe_analyses that texts are made of. */
const ANALYSIS_COLUMNS = 5;
