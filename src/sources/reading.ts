import { blockedFault, Fault } from '../fault.js';
import { type Backend, UnreadableRows } from './backend.js';
import type { Shapes } from './shapes.js';

/** Runs reads with the tables as they are: again where the file was replaced meanwhile. */
export function createReading<Shape>(backend: Backend, shapes: Shapes<Shape>) {
  const reading = async <T>(read: (shape: Shape) => Promise<T>): Promise<T> => {
    for (;;) {
      const { shape, generation } = await shapes.current();
      try {
        const result = await backend.run(() => read(shape));
        if (backend.generation() === generation) return result;
      } catch (error) {
        // Another file by now: its tables may be others.
        if (backend.generation() !== generation) continue;
        if (error instanceof Fault) {
          shapes.expire();
          // Throws where a column has gone: that says more.
          await shapes.current();
        }
        throw error;
      }
    }
  };
  return {
    reading,
    /** Reads rows, by `apart` with their ids where the database cannot give some of them. */
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

/** Where not even the ids can be read, it is not about one row. */
async function idsOrFault<Id>(backend: Backend, read: () => Promise<Id[]>): Promise<Id[]> {
  try {
    return await backend.run(read);
  } catch (error) {
    if (!(error instanceof UnreadableRows)) throw error;
    throw blockedFault(`The catalog in ${backend.place} cannot be read: ${error.message}`, error);
  }
}
