import { Fault } from '../fault.js';
import type { Catalog, TextIdMap } from '../sources/types.js';

/** A sample as a person names it. */
export interface NamedSample {
  /** The catalog's number, or the one that stands for its text id. */
  number: number;
  /** Its id in the catalog. */
  called: number | string;
}

/** Thrown if there is no sample of that name. */
export class NoSuchSample extends Fault {
  constructor(message: string) {
    super('usage', message);
  }
}

/** A catalog and the numbers of its text ids; rows that are not stored yet have numbers for this lookup only. */
export interface Lookup {
  catalog: Pick<Catalog, 'idKind' | 'idOfPath' | 'whyNoSample' | 'whichExist'>;
  keys: TextIdMap;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Returns the sample that an argument names: by its number; in a folder also by its file's path; in a catalog with text
 * ids by that id, or by the number that stands for it. Throws a NoSuchSample if the argument cannot name one, or if no
 * text id is known by it.
 */
export async function findSample({ catalog, keys }: Lookup, argument: string): Promise<NamedSample> {
  // `01` is no other name of 1: among text ids it may be one of its own.
  const number = /^(?:0|[1-9]\d*)$/.test(argument) ? Number(argument) : null;
  const numbered = number !== null && Number.isSafeInteger(number) ? number : null;
  if ((await catalog.idKind()) === 'integer') {
    if (numbered !== null) return { number: numbered, called: numbered };
    if (catalog.idOfPath === undefined)
      throw new NoSuchSample(`"${argument}" is not the id of a sample: write one like 523`);
    const found = await catalog.idOfPath(argument);
    if (found === null) {
      const why = (await catalog.whyNoSample?.(argument)) ?? null;
      if (why !== null) throw new NoSuchSample(`${argument} is no sample: it ${why}`);
      throw new NoSuchSample(
        `there is no sample ${argument} in the index of the folder: write the path of a file in it, or an id; embeddings scan reads what is new`,
      );
    }
    return { number: found, called: found };
  }
  // PostgreSQL writes UUIDs in lower case.
  const called = UUID.test(argument) ? argument.toLowerCase() : argument;
  const known =
    (await keys.knownNumbers([called])).get(called) ?? (await unstored({ catalog, keys }, called));
  if (known !== null) return { number: known, called };
  const key = numbered === null ? undefined : (await keys.keysOf([numbered])).get(numbered);
  if (numbered !== null && key !== undefined) return { number: numbered, called: key };
  throw new NoSuchSample(
    `there is no sample ${called}: it is neither in the catalog nor in the store; check the id`,
  );
}

/** Returns the number of a row that is only in the catalog; null if it is not there either. */
async function unstored({ catalog, keys }: Lookup, key: string): Promise<number | null> {
  const number = (await keys.numbersFor([key])).get(key);
  if (number === undefined) return null;
  return (await catalog.whichExist([number])).has(number) ? number : null;
}
