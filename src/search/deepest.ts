/** No ranking is longer: so many hits of one search can be had. */
export const DEEPEST = 1000;
