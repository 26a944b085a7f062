import { createSecretKey } from 'node:crypto';
import { z } from 'zod';
import { shownValue } from '../hide-secrets.js';

const integer = (from: number, to: number, fallback: number) =>
  z
    .string()
    .optional()
    .transform((text, context) => {
      if (text === undefined) return fallback;
      const value = /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
      if (Number.isInteger(value) && value >= from && value <= to) return value;
      context.addIssue({
        code: 'custom',
        message: `must be an integer from ${from} to ${to}, got ${shownValue(text)}`,
      });
      return z.NEVER;
    });

const limit = (least: number) =>
  integer(least, 1_000_000_000, 0).transform((value) => (value === 0 ? null : value));
/** One text may have so many tokens: under a lower limit it could never be sent. */
const LEAST_TOKENS_PER_MINUTE = 8192;

const httpUrl = (fallback: string) =>
  z
    .string()
    .optional()
    .transform((text, context) => {
      const value = text ?? fallback;
      if (/^https?:$/.test(URL.canParse(value) ? new URL(value).protocol : ''))
        return value.replace(/\/+$/, '');
      context.addIssue({
        code: 'custom',
        message: `must be an http or https URL, got ${shownValue(value)}`,
      });
      return z.NEVER;
    });

/** A KeyObject, so that no message and no JSON can show it. */
const codecKey = z
  .string()
  .optional()
  .transform((text, context) => {
    if (text === undefined) return null;
    const bytes = /^[0-9a-f]{64}$/i.test(text) ? Buffer.from(text, 'hex') : Buffer.from(text, 'base64');
    if (bytes.length === 32 && /^(?:[0-9a-f]{64}|[\w+/-]{43}=?)$/i.test(text)) return createSecretKey(bytes);
    context.addIssue({
      code: 'custom',
      message: 'must be 32 bytes as base64 or 64 hexadecimal digits; make one with: openssl rand -base64 32',
    });
    return z.NEVER;
  });

/** Where a worker serves /healthz and /metrics. */
export type MetricsAddress = 'default' | 'off' | { host: string; port: number };

/** `off`, a port of 127.0.0.1, or host:port. */
const metricsAddress = z
  .string()
  .optional()
  .transform((text, context): MetricsAddress => {
    if (text === undefined) return 'default';
    if (text.toLowerCase() === 'off') return 'off';
    const [, host = '127.0.0.1', digits] = /^(?:(\[[\da-f:.]+\]|[\w.-]+):)?(\d{1,5})$/i.exec(text) ?? [];
    const port = Number(digits);
    if (digits !== undefined && port <= 65_535) return { host: host.replace(/^\[|\]$/g, ''), port };
    context.addIssue({
      code: 'custom',
      message: `must be a port, host:port (127.0.0.1:9464) or "off", got ${shownValue(text)}`,
    });
    return z.NEVER;
  });

const VERSIONING = ['pinned', 'auto-upgrade'] as const;

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** All our settings, as written in the environment or `.env`. Errors show a wrong value, never a secret. */
export const settingsSchema = z.object({
  OPENROUTER_API_KEY: z.string().optional(),
  OPENROUTER_MANAGEMENT_KEY: z.string().optional(),
  OPENROUTER_BASE_URL: httpUrl('https://openrouter.ai/api/v1'),
  OPENROUTER_REQUESTS_PER_MINUTE: limit(1),
  OPENROUTER_TOKENS_PER_MINUTE: limit(LEAST_TOKENS_PER_MINUTE),
  TURSO_DATABASE_URL: z.string().optional(),
  TURSO_AUTH_TOKEN: z.string().optional(),
  DATABASE_URL: z.string().optional(),
  SAMPLES_ROOT: z.string().optional(),
  EMBEDDING_MODEL: z.string().default('openai/text-embedding-3-small'),
  EMBEDDING_DIMENSIONS: integer(1, 65_536, 1536),
  EMBEDDINGS_COLLECTION: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be 1 to 40 of a–z, 0–9 and -, and begin with a letter')
    .optional(),
  BATCH_SIZE: integer(1, 2048, 100),
  MAX_RETRIES: integer(0, 100, 3),
  CONCURRENCY: integer(1, 256, 8),
  EMBEDDINGS_CODEC_KEY: codecKey,
  EMBEDDINGS_HOME: z.string().optional(),
  EMBEDDINGS_METRICS_ADDRESS: metricsAddress,
  EMBEDDINGS_BUILD_ID: z
    .string()
    .regex(/^[\w.+-]{1,128}$/, 'must be up to 128 letters, digits, ".", "-", "_" or "+"')
    .optional(),
  EMBEDDINGS_VERSIONING: z
    .enum(VERSIONING, {
      error: ({ input }) => `must be one of ${VERSIONING.join(', ')}, got ${shownValue(String(input))}`,
    })
    .default('pinned'),
  LOG_LEVEL: z
    .enum(LOG_LEVELS, {
      error: ({ input }) => `must be one of ${LOG_LEVELS.join(', ')}, got ${shownValue(String(input))}`,
    })
    .default('info'),
});

export type ParsedSettings = z.output<typeof settingsSchema>;
