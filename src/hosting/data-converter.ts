import type { KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { DataConverter } from '@temporalio/common';
import type { WorkerOptions } from '@temporalio/worker';
import type { Fault } from '../fault.js';
import { createPayloadCodec } from './payload-codec.js';

const pathOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/**
 * Returns how values become bytes in Temporal, for every client and every worker. With `codecKey` null values are
 * plain, and encrypted ones are still refused with a clear sentence; `onRefused` gets that Fault.
 */
export const dataConverter = (
  codecKey: KeyObject | null,
  onRefused?: (fault: Fault) => void,
): DataConverter => ({
  payloadCodecs: [createPayloadCodec(codecKey, onRefused)],
  ...(codecKey !== null && { failureConverterPath: pathOf('./sealed-failures.cjs') }),
});

/**
 * Returns the workflows, bundled at build time. Failure converter and interceptors are part of a bundle, so there is
 * one bundle for each case. When run from sources, the bundle is made at start, without traces.
 */
export function workflowCode(
  codecKey: KeyObject | null,
  traced: boolean,
): Pick<WorkerOptions, 'workflowBundle' | 'workflowsPath'> {
  const kind = `${traced ? '-traced' : ''}${codecKey === null ? '' : '-sealed'}`;
  const codePath = pathOf(`../workflow-bundle${kind}.js`);
  return existsSync(codePath)
    ? { workflowBundle: { codePath } }
    : { workflowsPath: pathOf('../workflows/index.ts') };
}
