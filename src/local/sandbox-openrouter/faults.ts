/** What the sandbox does wrong on demand; each is something a real provider has been seen to do. */
export type Fault =
  | { kind: 'status'; status: number; retryAfter?: string; message?: string }
  | { kind: 'error-in-200'; code: number; message?: string }
  | {
      kind:
        | 'html'
        | 'truncated'
        | 'fewer'
        | 'more'
        | 'duplicate-index'
        | 'wrong-dimensions'
        | 'nan'
        | 'zeros';
    }
  | {
      kind:
        | 'permuted'
        | 'no-usage'
        | 'floats'
        | 'reset'
        | 'reset-after-billing'
        | 'drip'
        | 'hang'
        | 'redirect'
        | 'huge';
    };

export interface FaultRule {
  fault: Fault;
  /** How many requests it befalls; left out: all of them. */
  times?: number;
  /** Only requests with an input that contains this. */
  contains?: string;
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
