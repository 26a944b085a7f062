import { describe, expect, it } from 'vitest';
import { configurationPanel } from '../../src/terminal/panel.js';

const lines: [string, string][] = [
  ['Total samples', '2,437'],
  ['Batch size', '100'],
];
const widths = (panel: string): number[] => [...new Set(panel.split('\n').map((line) => line.length))];

describe('configurationPanel', () => {
  it('draws label and value a line in a round box', () => {
    expect(configurationPanel(lines, { columns: 40 })).toBe(
      [
        `╭─────────── Configuration ────────────╮`,
        `│ Embedding Generation                 │`,
        `│                                      │`,
        `│ Total samples: 2,437                 │`,
        `│ Batch size: 100                      │`,
        `╰──────────────────────────────────────╯`,
      ].join('\n'),
    );
  });

  it.each([
    [10, 40],
    [80, 80],
    [300, 100],
  ])('in a terminal of %d columns it is %d wide', (columns, width) => {
    expect(widths(configurationPanel(lines, { columns }))).toEqual([width]);
  });
});
