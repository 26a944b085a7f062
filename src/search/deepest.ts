/** Most hits of one search, over all its pages. */
export const DEEPEST = 1000;
