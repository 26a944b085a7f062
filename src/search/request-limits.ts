/** Limits of what a client sends, the same for the HTTP API and for both transports of MCP. */

/** Bytes of a body or a message. */
export const LARGEST_REQUEST = 1_000_000;

/** Characters. Longer queries are refused at once. A model takes 8,192 tokens, and a usual query has a few words. */
export const LONGEST_QUERY = 4000;

/** The rest of a sentence about a longer query. */
export const QUERY_TOO_LONG = `has more than ${LONGEST_QUERY.toLocaleString('en')} characters: ask in fewer words`;

/** Characters of a sample's id or path. */
export const LONGEST_ID = 2048;

/** The rest of a sentence about a longer id. */
export const ID_TOO_LONG = `has more than ${LONGEST_ID.toLocaleString('en')} characters: give the id of a sample`;
