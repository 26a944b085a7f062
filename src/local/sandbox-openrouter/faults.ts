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

/** What the sandbox does wrong on demand; each is something a real provider has been seen to do. */
export type Fault =
  | { kind: 'status'; status: number; retryAfter?: string; message?: string }
  | { kind: 'error-in-200'; code: number; message?: string }
  /** A right answer, late by so much. */
  | { kind: 'slow'; ms: number }
  | { kind: (typeof PLAIN_KINDS)[number] };

export interface FaultRule {
  fault: Fault;
  /** How many requests it befalls; left out: all of them. */
  times?: number;
  /** Only requests with an input that contains this. */
  contains?: string;
}

const KINDS: readonly string[] = ['status', 'error-in-200', 'slow', ...PLAIN_KINDS];

/**
 * Rules as another process sends them. Throws what is wrong: a misspelt fault would otherwise befall nobody, and the
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
  }
  return rules as FaultRule[];
}

/** Rules tried in order; one that has befallen its number of requests is over. */
export function createFaultPlan(rules: readonly FaultRule[] = []) {
  let open = rules.map((rule) => ({ ...rule, left: rule.times ?? Number.POSITIVE_INFINITY }));
  return {
    set(next: readonly FaultRule[]): void {
      open = next.map((rule) => ({ ...rule, left: rule.times ?? Number.POSITIVE_INFINITY }));
    },
    next(inputs: readonly string[]): Fault | undefined {
      for (const rule of open) {
        const { contains } = rule;
        if (rule.left <= 0 || (contains !== undefined && !inputs.some((text) => text.includes(contains))))
          continue;
        rule.left -= 1;
        return rule.fault;
      }
      return undefined;
    },
  };
}
