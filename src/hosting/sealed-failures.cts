/**
 * Sends messages and stack traces of errors as payloads, so that the codec encrypts them too; Temporal shows "Encoded
 * failure". CommonJS, since the SDK loads it by path, and into the workflow bundle for encrypted runs.
 */
import { DefaultFailureConverter } from '@temporalio/common';

export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
