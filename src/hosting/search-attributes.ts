import { setTimeout as wait } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { SearchAttributePair } from '@temporalio/common';
import proto from '@temporalio/proto';
import type { Settings } from '../config.js';
import { RunAttributes } from '../contract/attributes.js';
import { Grpc, grpcCode, grpcDetails } from './grpc-code.js';

const { IndexedValueType } = proto.temporal.api.enums.v1;
const TYPES = {
  KEYWORD: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
  INT: IndexedValueType.INDEXED_VALUE_TYPE_INT,
  DOUBLE: IndexedValueType.INDEXED_VALUE_TYPE_DOUBLE,
};

const CALL_MS = 5000;
/** A cluster's servers learn of a new attribute within some ten seconds; Temporal's own dev server does so at once. */
const EFFECTIVE_WITHIN_MS = 20_000;
const LOOK_AGAIN_MS = 200;

type OfRun = Pick<Settings, 'codecKey'> & { collection: { name: string } };

/**
 * Returns the attributes that a run is started with; the run keeps them up to date. They are never encrypted, so the
 * model is left out when payloads are encrypted.
 */
const initial = ({ codecKey, collection }: OfRun): SearchAttributePair[] => [
  { key: RunAttributes.state, value: 'planning' },
  { key: RunAttributes.percent, value: 0 },
  { key: RunAttributes.costUsd, value: 0 },
  { key: RunAttributes.failed, value: 0 },
  // The workflow's id contains this name too.
  { key: RunAttributes.collection, value: collection.name },
  ...(codecKey === null ? [{ key: RunAttributes.model, value: 'not known yet' }] : []),
];

/**
 * Only a server that knows every attribute, with the right type, accepts this query. It contains no negative number:
 * servers before 1.32 cannot read one.
 */
export const PROBE_QUERY = Object.values(RunAttributes)
  .map(({ name, type }) => `${name} ${type === 'KEYWORD' ? "= '-'" : type === 'INT' ? '= 0' : '= 0.5'}`)
  .join(' AND ');

/**
 * Returns the search attributes to start a run (or a schedule's runs) with. Registers them first when Temporal does not
 * know them and permits it. Otherwise returns none, and `say` gets the reason in one sentence. Never throws: a run
 * needs none of them.
 */
export async function initialAttributes(
  client: Client,
  settings: OfRun,
  say: (line: string) => void,
  effectiveWithinMs = EFFECTIVE_WITHIN_MS,
): Promise<SearchAttributePair[]> {
  try {
    if (await areKnown(client)) return initial(settings);
    await register(client);
    for (
      const start = performance.now();
      performance.now() - start < effectiveWithinMs;
      await wait(LOOK_AGAIN_MS)
    )
      if (await areKnown(client)) return initial(settings);
    throw new Error('they were registered but are not in effect yet: the next run will have them');
  } catch (error) {
    say(withoutAttributes(error));
    return [];
  }
}

export const withoutAttributes = (error: unknown): string =>
  `This run goes on without search attributes, so lists in Temporal cannot be filtered by its state (${grpcDetails(error)}); docs/operations.md, "Watching in the Web UI", has the commands with which an administrator registers them.`;

/** Counts runs that have them: a client that may start a run may do that, but perhaps not list attributes. */
async function areKnown(client: Client): Promise<boolean> {
  const { workflowService } = client;
  const { namespace } = client.options;
  try {
    await client.connection.withDeadline(Date.now() + CALL_MS, () =>
      workflowService.countWorkflowExecutions({ namespace, query: PROBE_QUERY }),
    );
    return true;
  } catch (error) {
    if (grpcCode(error) === Grpc.invalidArgument) return false;
    throw error;
  }
}

async function register(client: Client): Promise<void> {
  const { namespace } = client.options;
  const { operatorService } = client.connection as Client['connection'] & Operator;
  await client.connection.withDeadline(Date.now() + CALL_MS, async () => {
    const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
    const missing: Record<string, number> = {};
    for (const { name, type } of Object.values(RunAttributes)) {
      const present = customAttributes?.[name];
      if (present === undefined) missing[name] = TYPES[type];
      else if (present !== TYPES[type])
        throw new Error(`${name} exists with another type than ${type}, so it belongs to another program`);
    }
    if (Object.keys(missing).length > 0)
      await operatorService.addSearchAttributes({ namespace, searchAttributes: missing });
  });
}

/** What a client's connection has besides the calls of every connection. */
interface Operator {
  operatorService: {
    listSearchAttributes(request: {
      namespace: string;
    }): Promise<{ customAttributes?: Record<string, number> | null }>;
    addSearchAttributes(request: {
      namespace: string;
      searchAttributes: Record<string, number>;
    }): Promise<unknown>;
  };
}
