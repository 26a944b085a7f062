/** Returns whether the reason for a wait itself names the command that goes on with the run or ends it. */
export const namesCommand = (reason: string | null): boolean =>
  /embeddings (?:resume|cancel)\b/.test(reason ?? '');

/** Returns the command that goes on with a waiting run. At its cap, a run needs a higher one to go on. */
export const resumeCommand = ({ reason }: { reason: string | null }): string =>
  /embeddings resume --max-cost/.test(reason ?? '')
    ? 'embeddings resume --max-cost USD'
    : 'embeddings resume';
