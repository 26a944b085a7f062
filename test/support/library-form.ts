import { documentForm } from '../../src/collections/document-form.js';
import { libraryText } from '../../src/collections/library-text.js';

/** The sample library's own text, as the built-in collection sends it. */
export const LIBRARY_FORM = documentForm({
  text: libraryText,
  model: { document: {} },
});
