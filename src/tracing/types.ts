import type { WorkflowClientInterceptor } from '@temporalio/client';
import type { ActivityInterceptorsFactory, InjectedSinks } from '@temporalio/worker';
import type { Sinks } from '@temporalio/workflow';

export type Attributes = Record<string, string | number | boolean>;

export interface SpanOptions {
  attributes?: Attributes;
  /** A request to another program; default: work of our own. */
  client?: boolean;
}

/** Adds to what a span tells. */
export type Note = (attributes: Attributes) => void;

/** The traces of this process, which it has only where OTEL_* asks for them. */
export interface Traces {
  /** Runs `act` in a span: a child of the one under way, or of TRACEPARENT's where there is none. */
  span<T>(name: string, options: SpanOptions, act: (note: Note) => Promise<T>): Promise<T>;
  /** For a Client: starting, signalling and cancelling a run. */
  readonly client: WorkflowClientInterceptor[];
  /** For a Worker whose workflows are those of the traced bundle. */
  readonly worker: { activity: ActivityInterceptorsFactory[]; sinks: InjectedSinks<Sinks> };
  /** `tell` gets the sentence on why spans are lost, now or later; each listener once. */
  onTrouble(tell: (sentence: string) => void): void;
  /** Sends what has ended. Takes two seconds at most; what has not been taken by then is lost. */
  flush(): Promise<void>;
}
