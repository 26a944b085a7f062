import boxen from 'boxen';

/**
 * Returns the Configuration panel: one label and value per line, in a box as wide as the terminal, 100 columns at most.
 */
export function configurationPanel(
  lines: readonly [string, string][],
  { columns }: { columns: number },
): string {
  const text = ['Embedding Generation', '', ...lines.map(([label, value]) => `${label}: ${value}`)].join(
    '\n',
  );
  return boxen(text, {
    title: 'Configuration',
    titleAlignment: 'center',
    borderStyle: 'round',
    padding: { left: 1, right: 1, top: 0, bottom: 0 },
    width: Math.max(40, Math.min(columns, 100)),
  });
}
