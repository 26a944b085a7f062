/** What a run can be asked and told while it is under way. */

export const Messages = {
  progress: 'progress',
  pause: 'pause',
  resume: 'resume',
  goOn: 'goOn',
  planAgain: 'planAgain',
} as const;

/** `maxCostNanos` left out: the cap stays as it is; null: no cap. */
export interface ResumeOptions {
  maxCostNanos?: number | null;
}

/** `resume` as a signal: durable also while no worker is up. `alsoPaused`: end a person's pause too. */
export interface GoOnOptions extends ResumeOptions {
  alsoPaused: boolean;
}
