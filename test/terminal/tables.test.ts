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
  it('is as wide as its texts where there is no terminal, and no one text pads every line to its length', () => {
    const lines = listTable(['Title', 'File'], [['Kick', `${'x/'.repeat(3000)}a.wav`]], {
      flexible: { column: 1, how: 'cut-begin' },
    }).split('\n');
    expect(lines[3]).toMatch(/│ Kick +│ …[x/]+a\.wav │/);
    for (const line of lines) expect(line.length).toBeLessThan(300);
    const wrapped = listTable(['Why'], [['y'.repeat(1000)]], { flexible: { column: 0, how: 'wrap' } });
    expect(wrapped).toContain('y'.repeat(1000));
  });

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

  it('aligns figures and sets the last row apart', () => {
    const rows = [
      ['a', '1,000'],
      ['b', '7'],
    ];
    expect(listTable(['Name', 'n'], rows, { aligns: ['left', 'right'], footer: ['Total', '1,007'] })).toBe(`\
┏━━━━━━━┳━━━━━━━┓
┃ Name  ┃     n ┃
┡━━━━━━━╇━━━━━━━┩
│ a     │ 1,000 │
│ b     │     7 │
├───────┼───────┤
│ Total │ 1,007 │
└───────┴───────┘`);
  });

  describe('in a terminal of 30 columns', () => {
    const rows = [
      ['1', 'words that wrap at the end of the line', 'x'],
      ['2', 'https://example.com/without/a/blank', 'y'],
    ];
    const drawn = (how: 'wrap' | 'cut' | 'cut-begin', columns = 30) =>
      listTable(['ID', 'Message', 'n'], rows, { columns, flexible: { column: 1, how } });

    it('wraps between words, and breaks a word that is wider than its column', () => {
      expect(drawn('wrap')).toBe(`\
┏━━━━┳━━━━━━━━━━━━━━━━━━━┳━━━┓
┃ ID ┃ Message           ┃ n ┃
┡━━━━╇━━━━━━━━━━━━━━━━━━━╇━━━┩
│ 1  │ words that wrap   │ x │
│    │ at the end of the │   │
│    │ line              │   │
│ 2  │ https://example.c │ y │
│    │ om/without/a/blan │   │
│    │ k                 │   │
└────┴───────────────────┴───┘`);
    });

    it('or cuts', () => {
      expect(drawn('cut')).toBe(`\
┏━━━━┳━━━━━━━━━━━━━━━━━━━┳━━━┓
┃ ID ┃ Message           ┃ n ┃
┡━━━━╇━━━━━━━━━━━━━━━━━━━╇━━━┩
│ 1  │ words that wrap … │ x │
│ 2  │ https://example.… │ y │
└────┴───────────────────┴───┘`);
    });

    it('or cuts the beginning, as of paths', () => {
      expect(drawn('cut-begin')).toBe(`\
┏━━━━┳━━━━━━━━━━━━━━━━━━━┳━━━┓
┃ ID ┃ Message           ┃ n ┃
┡━━━━╇━━━━━━━━━━━━━━━━━━━╇━━━┩
│ 1  │ … end of the line │ x │
│ 2  │ …/without/a/blank │ y │
└────┴───────────────────┴───┘`);
    });

    it('stays readable in one that is too narrow for any table', () => {
      const lines = drawn('wrap', 5).split('\n');
      expect(lines[1]).toBe('┃ ID ┃ Messa… ┃ n ┃');
      expect(new Set(lines.map((line) => line.length))).toEqual(new Set([19]));
    });

    it('is as wide as its texts where there is room, or no terminal', () => {
      expect(drawn('wrap', 200)).toBe(drawn('wrap', 1000));
      expect(listTable(['ID', 'Message', 'n'], rows)).toBe(drawn('cut', 200));
    });
  });
});
