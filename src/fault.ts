/**
 * An error whose message is one sentence for a person: what is wrong, where, and the cure. `kind` says what to cure:
 * `usage` (command line or settings: exit 2, no stack trace) or `blocked` (the surroundings: key, disk, schema).
 */
export class Fault extends Error {
  override readonly name = 'Fault';
  constructor(
    readonly kind: 'usage' | 'blocked',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** A usage Fault of a setting or of what it names. While a server runs, its clients cannot cure it. */
export class SettingFault extends Fault {
  constructor(message: string, cause?: unknown) {
    super('usage', message, { cause });
  }
}

/**
 * An error that passes by itself: the store or the catalog is locked by another program (`busy`) or does not answer
 * (`down`). The same call may succeed later. The message is one sentence.
 */
export class Unavailable extends Error {
  constructor(
    readonly why: 'busy' | 'down',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export const usageFault = (message: string, cause?: unknown): Fault => new Fault('usage', message, { cause });
export const blockedFault = (message: string, cause?: unknown): Fault =>
  new Fault('blocked', message, { cause });
