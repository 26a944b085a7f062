import type { Client } from '@temporalio/client';
import type { FaultRule } from '../../src/local/sandbox-openrouter/index.js';
import type { Evidence, Snapshot, Violation } from '../chaos/referee/index.mjs';

export type Killable = 'postgresql' | 'temporal' | 'sqld' | `worker-${1 | 2 | 3}`;

export interface ClusterSite {
  /** Where the cluster's data and logs are. */
  folder: string;
  /** The product's settings for it. */
  env: Record<string, string>;
  temporal: Client;
  /** An empty store, a fresh demo catalog, a provider that has charged nothing and does nothing wrong. */
  ground(options: { samples?: number; seed: number }): Promise<void>;
  /** What every part said last, for a test that failed. */
  account(): string;
  /** A statement on the catalog, and on the twin that the referee reads. */
  change(statement: string): Promise<void>;
  bill(): Promise<{ requests: number; inputs: number; costNanos: number }>;
  setFaults(rules: FaultRule[]): Promise<unknown>;
  /** Resolves once the provider has charged for this many texts. */
  charged(inputs: number): Promise<void>;
  /** SIGKILL; writes down what was in flight; resolves once the keeper has put another process in its place. */
  kill(part: Killable): Promise<void>;
  /** The same without writing that down: no text may be charged twice for it. */
  strike(part: Killable): Promise<void>;
  /** Resolves once sqld answers. */
  serves(): Promise<void>;
  snapshot(): Promise<Snapshot>;
  /** Vectors of the active generation, by sample. */
  vectors(): Promise<Map<number, Float32Array>>;
  boughtTwice(): number;
  /** What the referee finds, `report` being what the run said with `--json`. */
  judge(report: Record<string, unknown>, more?: Partial<Evidence>): Promise<Violation[]>;
  close(): Promise<void>;
}

export function openSite(): Promise<ClusterSite>;
