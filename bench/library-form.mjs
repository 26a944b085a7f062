import { documentForm } from '../dist/collections/document-form.js';
import { libraryText } from '../dist/collections/library-text.js';

/** The sample library's own text, without a prefix for the model, as the built-in collection sends it. */
export const LIBRARY_FORM = documentForm({ text: libraryText, model: { document: {} } });
