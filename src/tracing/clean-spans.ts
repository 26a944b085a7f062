import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace-base';

/**
 * Takes the sentences and stack traces of errors out of spans before they leave: a provider's sentence may quote a text,
 * and with EMBEDDINGS_CODEC_KEY Temporal itself is not told them. What an error is stays; what it says is in the log.
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
