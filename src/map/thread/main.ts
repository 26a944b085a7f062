import { parentPort } from 'node:worker_threads';
import { createMath } from '../math.js';
import type { Answer, Call } from './messages.js';

const math = createMath();
const say = (answer: Answer): void => parentPort?.postMessage(answer);

function carryOut(call: Call): Promise<number | Float32Array> {
  switch (call.do) {
    case 'learn':
      return math.learn(call.vectors, call.dimensions);
    case 'sketch':
      return math.sketch(call.vectors);
    case 'layOut':
      return math.layOut(call.sketches, call.numbers, (share) => say({ share }));
  }
}

let turn = Promise.resolve();
parentPort?.on('message', (call: Call) => {
  turn = turn
    .then(async () => say({ result: await carryOut(call) }))
    .catch((error: unknown) => say({ error: error instanceof Error ? error.message : String(error) }));
});
