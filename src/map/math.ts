import { layOut } from './layout.js';
import { learnSketch, type Sketcher } from './sketch.js';

/** The computation of a map, which takes seconds of CPU: in this thread or in a worker thread. */
export interface MapMath {
  /** Learns the directions in which these vectors differ most. @returns the length of a sketch. */
  learn(vectors: readonly Float32Array[], dimensions: number): Promise<number>;
  /** Returns the sketches of these vectors, one after the other. Call `learn` first. */
  sketch(vectors: readonly Float32Array[]): Promise<Float32Array>;
  /** See layout.ts. */
  layOut(sketches: Float32Array, numbers: number, progress: (share: number) => void): Promise<Float32Array>;
}

/** Computes in this thread. */
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
