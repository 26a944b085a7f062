/**
 * Who takes part. `samples`: how many of the catalog in a measurement of speed, null: all of them; `faulty`: how many
 * in a fault; `once`: in the first round alone. A rate is per second anyway, and a slow one would keep the whole bench
 * waiting.
 */
export const CONTENDERS = [
  { name: 'ours', title: 'this project', samples: null, faulty: 2000 },
  { name: 'bare-loop', title: 'bare loop', samples: null, faulty: 2000 },
  { name: 'langchain', title: 'LangChain.js', samples: 3000, faulty: 2000 },
  { name: 'langchain-indexed', title: 'LangChain.js, vector index', samples: 100, faulty: null, once: true },
  { name: 'llamaindex', title: 'LlamaIndexTS', samples: 600, faulty: 1000 },
  { name: 'old-way', title: 'the old way', samples: 120, faulty: 200, once: true },
];

/** `prepare(task)` of a contender: what it will do, and how to let go of what it opened. */
export const load = (name) => import(`./${name}.mjs`);
