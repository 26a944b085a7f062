/** x to the right, y upwards. */
export const DIRECTIONS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

/**
 * Returns the nearest point in a direction from a point, within a quarter of the circle; null when there is none.
 * `places`: x, y of each point.
 */
export function towards(
  places: Float32Array,
  from: number,
  [right, up]: readonly [number, number],
): number | null {
  const x = places[2 * from] ?? 0;
  const y = places[2 * from + 1] ?? 0;
  let nearest: number | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (let index = 0; index < places.length / 2; index++) {
    const dx = (places[2 * index] ?? 0) - x;
    const dy = (places[2 * index + 1] ?? 0) - y;
    const along = dx * right + dy * up;
    const aside = Math.abs(dx * up) + Math.abs(dy * right);
    const distance = dx * dx + dy * dy;
    if (index === from || along <= 0 || aside > along || distance >= least) continue;
    nearest = index;
    least = distance;
  }
  return nearest;
}
