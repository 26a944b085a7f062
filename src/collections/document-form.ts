import { hash as sha256 } from 'node:crypto';
import type { Collection, TextForm } from './collection.js';

/** What is sent of a row: its text with the words that the model wants around documents. */
export interface DocumentForm extends TextForm {
  /** Sent with it as `input_type`; null: nothing is. Part of the fingerprint. */
  inputType: string | null;
  /** Equal where the same rows give the same texts; null: the sample library's own text, without words. */
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
      const rendered = text.render(row);
      // Nothing is not made into something by the words around it.
      return rendered.text === '' ? rendered : { ...rendered, text: `${prefix}${rendered.text}` };
    },
  };
}
