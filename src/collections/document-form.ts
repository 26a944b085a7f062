import { hash as sha256 } from 'node:crypto';
import { leftOutNote, parseOrigins } from '../sources/folder/index-file/origins.js';
import type { SampleRow } from '../sources/types.js';
import type { Collection, TextForm } from './collection.js';
import type { SourceText } from './source-text.js';

/** What is sent for a row: its text, with the prefix and the input type that the model needs for documents. */
export interface DocumentForm extends TextForm {
  /** Sent as `input_type`; null: not sent. Part of the fingerprint. */
  inputType: string | null;
  /** Equal when equal rows give equal texts. Null: the library's own text, without prefix and input type. */
  mark: string | null;
}

export function documentForm({
  text,
  model,
}: Pick<Collection, 'text'> & { model: Pick<Collection['model'], 'document'> }): DocumentForm {
  const { prefix = '', inputType = null } = model.document;
  const plain = text.source === null && prefix === '' && inputType === null;
  const parts = JSON.stringify([text.source, prefix, inputType]);
  return {
    fields: text.fields,
    source: text.source,
    inputType,
    mark: plain ? null : sha256('sha256', parts, 'hex').slice(0, 12),
    render(row) {
      const rendered = withTags(text.render(row), row, text.fields);
      // An empty text stays empty: it gets no prefix.
      return rendered.text === '' ? rendered : { ...rendered, text: `${prefix}${rendered.text}` };
    },
  };
}

/** Adds the notes on a file's tags that were not understood, of fields that the text names. */
function withTags(rendered: SourceText, { origins }: SampleRow, fields: readonly string[]): SourceText {
  // Most rows have none, and their JSON need not be parsed.
  if (typeof origins !== 'string' || !origins.includes('"leftOut":')) return rendered;
  const tags = parseOrigins(origins)?.leftOut.filter(({ field }) => fields.includes(field)) ?? [];
  return { ...rendered, notes: [...rendered.notes, ...tags.map(leftOutNote)] };
}
