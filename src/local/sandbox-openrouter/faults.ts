import { USAGE_WAYS, type UsageWay } from './usage-ways.js';

const PLAIN_KINDS = [
  'html',
  'truncated',
  'fewer',
  'more',
  'duplicate-index',
  'wrong-dimensions',
  'nan',
  'zeros',
  'permuted',
  'no-usage',
  'floats',
  'reset',
  'reset-after-billing',
  'drip',
  'hang',
  'redirect',
  'huge',
] as const;

/** How one vector of an answer is spoilt. */
export type Spoiling = 'nan' | 'zeros' | 'null' | 'wrong-dimensions';
const SPOILINGS: readonly Spoiling[] = ['nan', 'zeros', 'null', 'wrong-dimensions'];

/** Faults that the sandbox produces on demand; real providers have shown each of them. */
export type Fault =
  | ErrorAnswer
  | {
      kind: 'error-in-200';
      code: number | string;
      message?: string;
      /** The work was done and is still charged; default false. */
      billed?: boolean;
    }
  /** A correct answer, late by `ms`. */
  | { kind: 'slow'; ms: number }
  /** A correct answer that states its usage in this way; the default is `exact`. */
  | { kind: 'usage'; says: UsageWay }
  /** Spoils only the vectors of texts that match the rule's `contains`; without it, all. */
  | { kind: 'spoilt'; how: Spoiling }
  | { kind: (typeof PLAIN_KINDS)[number] };

/** An error with its HTTP status. */
export interface ErrorAnswer {
  kind: 'status';
  status: number;
  retryAfter?: string;
  /** Headers besides Retry-After, such as X-RateLimit-Reset. */
  headers?: Record<string, string>;
  message?: string;
  /** The error's own `code` and `type`; default: the status, and none. */
  code?: number | string;
  type?: string;
  metadata?: unknown;
  /** An HTML page instead of JSON, as firewalls and proxies send. */
  page?: boolean;
  /** The work was done and is charged, but a proxy lost the answer; default false. */
  billed?: boolean;
}

export interface FaultRule {
  fault: Fault;
  /** Number of requests with this fault; absent: all. */
  times?: number;
  /** Only requests with an input that contains this. */
  contains?: string;
}

const KINDS: readonly string[] = ['status', 'error-in-200', 'slow', 'usage', 'spoilt', ...PLAIN_KINDS];

/**
 * Parses rules that another process sends. Throws for any error: a misspelt fault would otherwise never occur, and the
 * test that asked for it would pass.
 */
export function parseRules(json: string): FaultRule[] {
  const rules: unknown = JSON.parse(json);
  if (!Array.isArray(rules)) throw new Error('the body must be a list of rules');
  for (const rule of rules) {
    const fault = (rule as Partial<FaultRule> | null)?.fault;
    if (fault === undefined || !KINDS.includes(fault.kind))
      throw new Error(`fault.kind must be one of ${KINDS.join(', ')}, got ${JSON.stringify(fault?.kind)}`);
    if (fault.kind === 'status' && !(fault.status >= 200 && fault.status <= 599))
      throw new Error(`fault.status must be from 200 to 599, got ${JSON.stringify(fault.status)}`);
    if (fault.kind === 'slow' && !(fault.ms >= 0))
      throw new Error(`fault.ms must be milliseconds, got ${JSON.stringify(fault.ms)}`);
    if (fault.kind === 'usage' && !USAGE_WAYS.includes(fault.says))
      throw new Error(
        `fault.says must be one of ${USAGE_WAYS.join(', ')}, got ${JSON.stringify(fault.says)}`,
      );
    if (fault.kind === 'spoilt' && !SPOILINGS.includes(fault.how))
      throw new Error(`fault.how must be one of ${SPOILINGS.join(', ')}, got ${JSON.stringify(fault.how)}`);
  }
  return rules as FaultRule[];
}

/** Creates a plan whose rules are tried in order. A rule ends after its number of requests. */
export function createFaultPlan(rules: readonly FaultRule[] = []) {
  let open = rules.map((rule) => ({ ...rule, left: rule.times ?? Number.POSITIVE_INFINITY }));
  return {
    set(next: readonly FaultRule[]): void {
      open = next.map((rule) => ({ ...rule, left: rule.times ?? Number.POSITIVE_INFINITY }));
    },
    next(inputs: readonly string[]): { fault: Fault; contains?: string } | undefined {
      for (const rule of open) {
        const { contains } = rule;
        if (rule.left <= 0 || (contains !== undefined && !inputs.some((text) => text.includes(contains))))
          continue;
        rule.left -= 1;
        return { fault: rule.fault, ...(contains !== undefined && { contains }) };
      }
      return undefined;
    },
  };
}
