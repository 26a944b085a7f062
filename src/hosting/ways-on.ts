/** Why a run waits, where the reason itself ends with the command that goes on with it or ends it. */
export const namesCommand = (reason: string | null): boolean =>
  /embeddings (?:resume|cancel)\b/.test(reason ?? '');

/** The command that goes on with a run that waits: one at its cap would stop again at once without a higher one. */
export const resumeCommand = ({ reason }: { reason: string | null }): string =>
  /embeddings resume --max-cost/.test(reason ?? '')
    ? 'embeddings resume --max-cost USD'
    : 'embeddings resume';
