import { blockedFault, type Fault } from '../fault.js';

/**
 * Creates the Fault for a generation that another program has damaged, with the cure. `what`: for example `lacks its
 * table sample_embeddings_g2`.
 */
export const damagedGeneration = (number: number, isActive: boolean, what: string, cause?: unknown): Fault =>
  blockedFault(
    isActive
      ? `generation ${number}, which search reads, ${what}: restore the store from a backup`
      : `generation ${number} ${what}: delete what is left of it with embeddings model drop ${number}, then create it again with embeddings model build`,
    cause,
  );
