import type { OpenAPIHono } from '@hono/zod-openapi';
import type { MiddlewareHandler } from 'hono';
import { nearestName } from '../../collections/nearest-name.js';
import { filterColumn } from '../../search/named-filters.js';
import { BadRequest } from '../refuse.js';

/** A route from the OpenAPI registry: a pattern for its addresses, and the names of its query parameters. */
interface Known {
  pattern: RegExp;
  names: readonly string[];
}

/**
 * Refuses unknown query parameters: a misspelt condition would otherwise be ignored.
 * `filters`: names of columns that can be used in `where`.
 */
export function knownParameters(app: OpenAPIHono, filters: readonly string[]): MiddlewareHandler {
  let routes: Known[] | null = null;
  return async (c, next) => {
    // Read at the first request, when all routes have been added.
    routes ??= routesOf(app);
    const names = routes.find(({ pattern }) => pattern.test(c.req.path))?.names;
    const unknown = names && Object.keys(c.req.queries()).find((name) => !names.includes(name));
    if (names === undefined || unknown === undefined) return next();
    throw new BadRequest(
      400,
      'parameter',
      `${unknown} is no parameter here: ${cureOf(unknown, names, filters)}`,
    );
  };
}

function cureOf(unknown: string, names: readonly string[], filters: readonly string[]): string {
  const bare = unknown.replace(/\[\d*\]$/, '');
  const meant = names.includes(bare) ? bare : nearestName(bare, names);
  if (meant !== null) return `did you mean ${meant}?`;
  const longer = names.filter((name) => name.startsWith(`${bare}_`));
  if (longer.length > 0) return `did you mean ${longer.join(' or ')}?`;
  const filter = filterColumn(bare, filters) ?? nearestName(bare, filters);
  if (names.includes('where') && filter !== null) return `did you mean where=${filter}=…?`;
  return names.length === 0 ? 'leave it out' : `there are ${names.join(', ')}`;
}

const routesOf = ({ openAPIRegistry }: OpenAPIHono): Known[] =>
  openAPIRegistry.definitions.flatMap((definition) => {
    if (definition.type !== 'route') return [];
    const { path, request } = definition.route;
    const shape = (request?.query as { shape?: object } | undefined)?.shape ?? {};
    const pattern = new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{[^}]+\}/g, '[^/]+')}$`);
    return [{ pattern, names: Object.keys(shape) }];
  });
