import { layOut } from './layout.js';
import { learnSketch, type Sketcher } from './sketch.js';

/** The arithmetic of a map, which takes a processor for seconds: here, or on a thread of its own. */
export interface MapMath {
  /** Learns the directions in which these differ most. @returns the numbers of a sketch. */
  learn(vectors: readonly Float32Array[], dimensions: number): Promise<number>;
  /** The sketches of these, one after the other; `learn` goes before. */
  sketch(vectors: readonly Float32Array[]): Promise<Float32Array>;
  /** As in layout.ts. */
  layOut(sketches: Float32Array, numbers: number, progress: (share: number) => void): Promise<Float32Array>;
}

/** In this thread. */
export function createMath(): MapMath {
  let sketcher: Sketcher | null = null;
  return {
    async learn(vectors, dimensions) {
      sketcher = learnSketch(vectors, dimensions);
      return sketcher.numbers;
    },
    async sketch(vectors) {
      if (sketcher === null) throw new Error('sketch before learn');
      const sketches = new Float32Array(vectors.length * sketcher.numbers);
      for (const [index, vector] of vectors.entries())
        sketcher.sketch(vector, sketches, index * sketcher.numbers);
      return sketches;
    },
    layOut,
  };
}
