/**
 * `%.{decimals}f` as C and Python print it: half to even on the exact binary value (92.5 → `92`, 0.125 → `0.12`).
 * `value` must be finite with |value| < 1e21, `decimals` from 0 to 20; a RangeError otherwise.
 */
export function printfFixed(value: number, decimals: number): string {
  if (!Number.isFinite(value) || Math.abs(value) >= 1e21 || !(decimals >= 0 && decimals <= 20))
    throw new RangeError(`printfFixed cannot print ${value} with ${decimals} decimals`);
  if (Object.is(value, -0)) return `-${printfFixed(0, decimals)}`;
  // toFixed is exact except on ties, which it rounds away from zero.
  const awayFromZero = value.toFixed(decimals);
  // A tie has exactly decimals + 1 decimals, and only a multiple of 2^-(decimals + 1) has as few as that.
  if (!Number.isInteger(value * 2 ** (decimals + 1))) return awayFromZero;
  const exact = value.toFixed(decimals + 1);
  if (!exact.endsWith('5')) return awayFromZero;
  const towardsZero = decimals === 0 ? exact.slice(0, -2) : exact.slice(0, -1);
  return Number(towardsZero.at(-1)) % 2 === 0 ? towardsZero : awayFromZero;
}
