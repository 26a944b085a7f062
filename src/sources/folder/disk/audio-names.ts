/** Names of files that are read; their first bytes give the format. `.mp4` is left out: it is mostly a film. */
const AUDIO =
  /\.(wav|wave|bwf|rf64|w64|aif|aiff|aifc|afc|caf|flac|mp3|mp2|ogg|oga|opus|spx|m4a|m4b|aac|wma|wv|ape|mpc|dsf|dff|mka)$/i;

export const isAudioName = (name: string): boolean => AUDIO.test(name);
