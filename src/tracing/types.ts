import type { WorkflowClientInterceptor } from '@temporalio/client';
import type { ActivityInterceptorsFactory, InjectedSinks } from '@temporalio/worker';
import type { Sinks } from '@temporalio/workflow';

export type Attributes = Record<string, string | number | boolean>;

export interface SpanOptions {
  attributes?: Attributes;
  /** A request to another program; default: internal work. */
  client?: boolean;
}

/** Adds attributes to a span. */
export type Note = (attributes: Attributes) => void;

/** The traces of this process, which exist only if OTEL_* asks for them. */
export interface Traces {
  /** Runs `act` in a span. Its parent is the active span, else that of TRACEPARENT. */
  span<T>(name: string, options: SpanOptions, act: (note: Note) => Promise<T>): Promise<T>;
  /** For a Client: traces starting, signalling and cancelling a run. */
  readonly client: WorkflowClientInterceptor[];
  /** For a Worker that runs the workflows of the traced bundle. */
  readonly worker: { activity: ActivityInterceptorsFactory[]; sinks: InjectedSinks<Sinks> };
  /** Calls `tell` once with the sentence on why spans are lost, now or when it happens. */
  onTrouble(tell: (sentence: string) => void): void;
  /** Sends the ended spans. Takes two seconds at most; spans not accepted by then are lost. */
  flush(): Promise<void>;
}
