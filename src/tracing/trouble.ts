/** Reports once why spans are lost: to present listeners, and to later ones when they subscribe. */
export interface Trouble {
  say(sentence: string): void;
  on(tell: (sentence: string) => void): void;
}

export function createTrouble(): Trouble {
  let said: string | null = null;
  const listeners: ((sentence: string) => void)[] = [];
  return {
    say(sentence) {
      if (said !== null) return;
      said = sentence;
      for (const tell of listeners) tell(sentence);
    },
    on(tell) {
      if (said === null) listeners.push(tell);
      else tell(said);
    },
  };
}
