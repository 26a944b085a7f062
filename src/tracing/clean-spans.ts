import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace-base';

/**
 * Removes error messages and stack traces from spans before they are sent: a provider's message may quote a text, and
 * with EMBEDDINGS_CODEC_KEY not even Temporal sees these messages. The error's type stays; its message is in the log.
 */
export const cleaning = (inner: SpanProcessor): SpanProcessor => ({
  onStart: (span, context) => inner.onStart(span, context),
  onEnd: (span) => inner.onEnd(cleaned(span)),
  forceFlush: () => inner.forceFlush(),
  shutdown: () => inner.shutdown(),
});

function cleaned(span: ReadableSpan): ReadableSpan {
  if (span.events.length === 0 && span.status.message === undefined) return span;
  return Object.create(span, {
    status: { value: { code: span.status.code }, enumerable: true },
    events: {
      value: span.events.map(({ attributes, ...event }) => {
        const type = attributes?.['exception.type'];
        return { ...event, attributes: type === undefined ? {} : { 'exception.type': type } };
      }),
      enumerable: true,
    },
  });
}
