import { createHash } from 'node:crypto';
import { OpenAPIHono } from '@hono/zod-openapi';
import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { errorAnswer } from '../mcp/read-message.js';
import { LARGEST_REQUEST } from '../search/request-limits.js';
import { escapedInJson } from '../terminal/inert.js';
import { ownVersion } from '../version.js';
import { issueSentence } from './api/issue-sentence.js';
import { knownParameters } from './api/known-parameters.js';
import { addMap } from './api/map.js';
import { addSearch } from './api/search.js';
import { addSound } from './api/sound.js';
import { addTake } from './api/take.js';
import { addVibe } from './api/vibe.js';
import { cors } from './cors.js';
import { type GuardOptions, guard } from './guard.js';
import { addMcp } from './mcp.js';
import type { ServerParts } from './parts.js';
import { refusalOf, refuse } from './refuse.js';
import { isFromElsewhere } from './request-origin.js';
import { securityHeaders } from './security-headers.js';

/** JSON-RPC's code of an invalid request. */
const INVALID_REQUEST = -32_600;
const TOO_LARGE = 'the request has more than a megabyte: send less';

/** Creates the app: the page, the API and its OpenAPI document, behind one guard. */
export function createApp(parts: ServerParts, options: GuardOptions): OpenAPIHono {
  const { page, report } = parts;
  const app = new OpenAPIHono({
    defaultHook: (result, c) => {
      if (result.success) return;
      const [issue] = result.error.issues;
      const whole = result.target === 'json' ? 'the body' : 'the request';
      return refuse(c, 400, 'usage', issue ? issueSentence(issue, whole) : `${whole} is wrong`);
    },
  });
  app.use(securityHeaders(page === null ? [] : scriptsOf(page)));
  app.use(cors(options));
  app.use(guard(options));
  app.use(
    bodyLimit({
      maxSize: LARGEST_REQUEST,
      onError: (c) =>
        c.req.path === '/mcp'
          ? c.json(errorAnswer(null, INVALID_REQUEST, TOO_LARGE), 413)
          : refuse(c, 413, 'too-large', TOO_LARGE),
    }),
  );
  app.use('/api/*', inertAnswers);
  for (const path of ['/api/v1/take', '/api/v1/samples/:id/reveal']) app.use(path, wantJson);
  app.use('/api/*', knownParameters(app, parts.library.collection.filters));
  addVibe(app, parts);
  addSearch(app, parts);
  addSound(app, parts);
  addTake(app, parts);
  addMap(app, parts);
  addMcp(app, parts);
  app.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: { title: 'sample-embeddings', version: ownVersion() },
  });
  if (page !== null)
    app.get('/', (c) => {
      // When another site led here, the page must not buy the query in its address by itself.
      c.header('Cache-Control', 'no-cache');
      return c.html(isFromElsewhere(c.req.raw) ? page.replace('<body', '<body data-led-here') : page);
    });
  refuseOtherMethods(app);
  app.notFound((c) =>
    refuse(c, 404, 'not-found', `there is nothing at ${c.req.path}; /openapi.json lists the paths`),
  );
  app.onError((error, c) => refusalOf(error, c, report));
  return app;
}

/** Escapes JSON answers, as `--json` does, so that foreign titles and paths cannot control a terminal. */
const inertAnswers: MiddlewareHandler = async (c, next) => {
  await next();
  // The map has megabytes, and is drawn rather than printed.
  if (!c.res.headers.get('content-type')?.startsWith('application/json') || c.req.path === '/api/v1/map')
    return;
  const { status, headers } = c.res;
  c.res = new Response(escapedInJson(await c.res.text()), { status, headers });
};

const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json(?:\s*;|$)/i;

/** Refuses bodies of another type, which would otherwise count as missing. */
const wantJson: MiddlewareHandler = (c, next) =>
  c.req.method !== 'POST' || JSON_TYPE.test(c.req.header('content-type') ?? '')
    ? next()
    : Promise.resolve(
        refuse(c, 415, 'media-type', 'the body must be JSON: send Content-Type: application/json'),
      );

/** Answers 405 to other methods of known paths. Must be called after all routes were added. */
function refuseOtherMethods(app: OpenAPIHono): void {
  const methods = new Map<string, Set<string>>();
  for (const { path, method } of app.routes)
    if (method !== 'ALL') methods.set(path, (methods.get(path) ?? new Set()).add(method));
  for (const [path, some] of methods) {
    const allowed = [...some].flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ');
    app.all(path, (c) => {
      c.header('Allow', allowed);
      return refuse(c, 405, 'method', `${c.req.path} accepts ${allowed}, not ${c.req.method}`);
    });
  }
}

/** Returns the hashes of a page's scripts, for the Content-Security-Policy header. */
const scriptsOf = (page: string): string[] =>
  [...page.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(
    ([, script = '']) => `sha256-${createHash('sha256').update(script).digest('base64')}`,
  );
