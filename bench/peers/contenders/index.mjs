/**
 * The contenders. `samples`: how many of the catalog a speed measurement uses, null: all; `faulty`: how many a fault
 * uses; `once`: only in the first round. Slow contenders get fewer samples, since rates are per second anyway and they
 * would delay the whole bench.
 */
export const CONTENDERS = [
  { name: 'ours', title: 'this project', samples: null, faulty: 2000 },
  { name: 'bare-loop', title: 'bare loop', samples: null, faulty: 2000 },
  { name: 'langchain', title: 'LangChain.js', samples: 3000, faulty: 2000 },
  { name: 'langchain-indexed', title: 'LangChain.js, vector index', samples: 100, faulty: null, once: true },
  { name: 'llamaindex', title: 'LlamaIndexTS', samples: 600, faulty: 1000 },
  { name: 'old-way', title: 'the old way', samples: 120, faulty: 200, once: true },
];

/** Loads a contender. Its `prepare(task)` returns the work to do, and how to close what it opened. */
export const load = (name) => import(`./${name}.mjs`);
