/** The messages to a run that is in progress. */

export const Messages = {
  progress: 'progress',
  pause: 'pause',
  resume: 'resume',
  goOn: 'goOn',
  planAgain: 'planAgain',
} as const;

/** `maxCostNanos` absent: the cap stays as it is; null: no cap. */
export interface ResumeOptions {
  maxCostNanos?: number | null;
}

/** `resume` as a signal, which is kept while no worker is running. `alsoPaused`: ends a person's pause too. */
export interface GoOnOptions extends ResumeOptions {
  alsoPaused: boolean;
}
