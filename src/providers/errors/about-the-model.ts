/** What was sent, to tell an answer about it from an echo of the texts. */
export interface Asked {
  model: string;
  texts: readonly string[];
}

/** Returns the size of the texts sent, which bounds the figures of an answer. */
export const sizeOf = (texts: readonly string[]): { inputs: number; bytes: number } => ({
  inputs: texts.length,
  bytes: texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0),
});

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

/** Removes quotes and blanks, which differ between a text and its quotation in an error. */
const squeezed = (text: string): string => text.replace(/\\[nrt"\\]|["'`\\\s]+/g, ' ').toLowerCase();

/**
 * Returns whether an error says that the model does not exist: it names exactly the requested model, in a phrase that
 * stands in none of the texts. OpenRouter answers an unknown model with 400, without a code; halving batches over it
 * would refuse every sample. A title that an error echoes must not block a run.
 */
export function saysNoSuchModel(message: string, { model, texts }: Asked): boolean {
  const id = `(?<![\\w./:@-])${escaped(model)}(?![\\w/@-]|[.:]\\w)["'\`]?`;
  const phrase = new RegExp(
    `${id}\\s+(?:is not a valid model|(?:does not exist|not found|was not found|is not found|is not supported))` +
      `|no (?:allowed )?(?:endpoints|providers) (?:found|available) (?:for|that support)\\s+(?:the model\\s+)?["'\`]?${id}`,
    'gi',
  );
  const said = [...message.matchAll(phrase)].map(([match]) => squeezed(match));
  if (said.length === 0) return false;
  const sent = texts.map(squeezed);
  return said.some((each) => !sent.some((text) => text.includes(each)));
}
