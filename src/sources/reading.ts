import { blockedFault, Fault } from '../fault.js';
import { type Backend, UnreadableRows } from './backend.js';
import type { Shapes } from './shapes.js';

/** Runs reads with the current shape of the tables. Repeats a read if the file was replaced meanwhile. */
export function createReading<Shape>(backend: Backend, shapes: Shapes<Shape>) {
  const reading = async <T>(read: (shape: Shape) => Promise<T>): Promise<T> => {
    for (;;) {
      const { shape, generation } = await shapes.current();
      try {
        const result = await backend.run(() => read(shape));
        if (backend.generation() === generation) return result;
      } catch (error) {
        // The file was replaced: its tables may differ.
        if (backend.generation() !== generation) continue;
        if (error instanceof Fault) {
          shapes.expire();
          // Throws when a column no longer exists: that message is more specific.
          await shapes.current();
        }
        throw error;
      }
    }
  };
  return {
    reading,
    /** Reads rows. If the database cannot return some of them, reads their ids, and then the rows by `apart`. */
    async rowsOf<Row, Id>(
      read: (shape: Shape) => Promise<Row[]>,
      idsOf: (shape: Shape) => Promise<Id[]>,
      apart: (shape: Shape, ids: Id[]) => Promise<Row[]>,
    ): Promise<Row[]> {
      try {
        return await reading(read);
      } catch (error) {
        if (!(error instanceof UnreadableRows)) throw error;
        const { shape } = await shapes.current();
        return apart(shape, await idsOrFault(backend, () => idsOf(shape)));
      }
    },
  };
}

/** Reads ids. Throws a Fault when these cannot be read either: then the cause is not a single row. */
async function idsOrFault<Id>(backend: Backend, read: () => Promise<Id[]>): Promise<Id[]> {
  try {
    return await backend.run(read);
  } catch (error) {
    if (!(error instanceof UnreadableRows)) throw error;
    throw blockedFault(`The catalog in ${backend.place} cannot be read: ${error.message}`, error);
  }
}
