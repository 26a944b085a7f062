/** A promise that other code resolves or rejects. A rejection that nobody handles is not reported as unhandled. */
export interface Agreement {
  reached: Promise<void>;
  reach(): void;
  /** Rejects; does nothing once the promise is resolved. */
  giveUp(): void;
}

export function createAgreement(): Agreement {
  let reach: () => void = () => undefined;
  let giveUp: () => void = () => undefined;
  const reached = new Promise<void>((resolve, reject) => {
    reach = resolve;
    giveUp = () => reject(new Error('the command ended before it began to work'));
  });
  reached.catch(() => undefined);
  return { reached, reach: () => reach(), giveUp: () => giveUp() };
}
