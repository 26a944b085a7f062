/** A promise that another place keeps or breaks; broken, it is nobody's unhandled rejection. */
export interface Agreement {
  reached: Promise<void>;
  reach(): void;
  /** Does nothing once it was reached. */
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
