/** The SDK's core measures in native code and serves that itself, on a loopback port of its own. */

const DEADLINE_MS = 2000;

/** What the core's exporter at that port says; a comment instead where it does not answer. */
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
