/** Returns the samples whose sketches are nearest to that of `sample`, nearest first, without `sample` itself. */
export function neighboursOf(sketches: Int8Array, numbers: number, sample: number, limit: number): number[] {
  const own = sketches.subarray(sample * numbers, (sample + 1) * numbers);
  const best: { sample: number; distance: number }[] = [];
  const count = sketches.length / numbers;
  for (let other = 0; other < count; other++) {
    if (other === sample) continue;
    const worst = best.length < limit ? Number.POSITIVE_INFINITY : (best.at(-1)?.distance ?? 0);
    let distance = 0;
    for (let index = 0; index < numbers && distance < worst; index++) {
      const difference = (own[index] ?? 0) - (sketches[other * numbers + index] ?? 0);
      distance += difference * difference;
    }
    if (distance >= worst) continue;
    best.push({ sample: other, distance });
    best.sort((a, b) => a.distance - b.distance);
    if (best.length > limit) best.pop();
  }
  return best.map((each) => each.sample);
}
