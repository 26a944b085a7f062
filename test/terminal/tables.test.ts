import { describe, expect, it } from 'vitest';
import { listTable, summaryTable } from '../../src/terminal/tables.js';

const GUIDE = `\
┏━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━┓
┃ Metric          ┃ Value     ┃
┡━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━┩
│ Total Samples   │ 2,437     │
│ Successful      │ 2,435     │
│ Failed          │ 2         │
│ Success Rate    │ 99.9%     │
│ Total Cost      │ $0.0790   │
│ Avg Cost/Sample │ $0.000032 │
└─────────────────┴───────────┘`;

describe('summaryTable', () => {
  it("is the usage guide's table under a centred title", () => {
    const table = summaryTable('Embedding Generation Summary', [
      ['Total Samples', '2,437'],
      ['Successful', '2,435'],
      ['Failed', '2'],
      ['Success Rate', '99.9%'],
      ['Total Cost', '$0.0790'],
      ['Avg Cost/Sample', '$0.000032'],
    ]);
    expect(table).toBe(` Embedding Generation Summary\n${GUIDE}`);
  });

  it('takes a title wider than itself', () => {
    const [title] = summaryTable('A title much wider than the table', [['a', 'b']]).split('\n');
    expect(title).toBe('A title much wider than the table');
  });
});

describe('listTable', () => {
  it('draws a head over rows', () => {
    expect(
      listTable(
        ['ID', 'Why', 'n'],
        [
          ['1', 'zero vector', '2'],
          ['23', 'html', '1'],
        ],
      ),
    ).toBe(`\
┏━━━━┳━━━━━━━━━━━━━┳━━━┓
┃ ID ┃ Why         ┃ n ┃
┡━━━━╇━━━━━━━━━━━━━╇━━━┩
│ 1  │ zero vector │ 2 │
│ 23 │ html        │ 1 │
└────┴─────────────┴───┘`);
  });

  it('keeps its head without rows', () => {
    expect(listTable(['ID', 'Why'], [])).toBe(`\
┏━━━━┳━━━━━┓
┃ ID ┃ Why ┃
┡━━━━╇━━━━━┩
└────┴─────┘`);
  });
});
