/** The SDK's native core collects its own metrics and serves them on its own loopback port. */

const DEADLINE_MS = 2000;

/** Returns the metrics of the core's exporter at that port; a comment instead when it does not answer. */
export async function readCoreMetrics(port: number | null): Promise<string> {
  if (port === null) return '';
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/metrics`, {
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    return await answer.text();
  } catch (error) {
    return `# the metrics of Temporal's SDK could not be read: ${(error as Error).message}\n`;
  }
}
