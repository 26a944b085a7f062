/** Returns the peak amplitude of each of `parts` parts of a sound, 0 to 1, over its first two channels. */
export function peaksOf(buffer: AudioBuffer, parts: number): Float32Array {
  const peaks = new Float32Array(parts);
  const step = buffer.length / parts;
  // About 200 values of each part are enough to draw a long sound.
  const stride = Math.max(1, Math.floor(step / 200));
  for (let channel = 0; channel < Math.min(2, buffer.numberOfChannels); channel++) {
    const values = buffer.getChannelData(channel);
    for (let part = 0; part < parts; part++) {
      let most = peaks[part] ?? 0;
      const to = Math.min(values.length, Math.ceil((part + 1) * step));
      for (let index = Math.floor(part * step); index < to; index += stride)
        most = Math.max(most, Math.abs(values[index] ?? 0));
      peaks[part] = most;
    }
  }
  return peaks;
}
