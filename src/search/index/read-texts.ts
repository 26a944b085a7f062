import { itemsOf, type Span, spanOf } from '../../readings/compare.js';
import type { Reading } from '../../readings/of-columns.js';

/** What the distinct texts of a column mean. Each text is read once, when it is added; a text has a code, from 1 on. */
export class ReadTexts {
  /** Each distinct text, by code; the first entry is unused. */
  readonly texts: string[] = [''];
  /** Each distinct item of the lists; code of an item. */
  readonly items: string[] = [];
  letters = 0;
  private readonly codes = new Map<string, number>();
  private readonly codesOfItems = new Map<string, number>();
  /** By code of a text; NaN: it is no number. */
  private readonly numbers: number[] = [Number.NaN];
  /** The end of each tempo that is a range, by code of the text. */
  private readonly ends = new Map<number, number>();
  /** By code of a text: where its items end in `itemCodes`; they begin where those of the text before end. */
  private readonly lastItems: number[] = [0];
  private readonly itemCodes: number[] = [];
  private readonly lists = new Set<number>();

  constructor(private readonly reading: Reading | undefined) {}

  /** Returns the code of a text. */
  add(text: string): number {
    const known = this.codes.get(text);
    if (known !== undefined) return known;
    const code = this.texts.push(text) - 1;
    this.codes.set(text, code);
    this.letters += text.length;
    const span = spanOf(text, this.reading);
    this.numbers.push(span?.from ?? Number.NaN);
    if (span !== null && span.from !== span.to) this.ends.set(code, span.to);
    const items = itemsOf(text, this.reading);
    if (items !== null || this.reading === 'list') this.lists.add(code);
    for (const item of new Set(items ?? [])) this.itemCodes.push(this.codeOfItem(item));
    this.lastItems.push(this.itemCodes.length);
    return code;
  }

  /** Ends adding. */
  finish(): void {
    this.codes.clear();
    this.codesOfItems.clear();
  }

  /** Returns the number that a text holds; NaN: none. */
  numberOf(code: number): number {
    return this.numbers[code] as number;
  }

  spanOf(code: number): Span {
    const from = this.numberOf(code);
    return { from, to: this.ends.get(code) ?? from };
  }

  /** Returns the codes of a text's items; null: it is no list. */
  itemsOf(code: number): readonly number[] | null {
    if (!this.lists.has(code)) return null;
    return this.itemCodes.slice(this.lastItems[code - 1], this.lastItems[code]);
  }

  /** Returns whether a text has an item for which `wanted`, by code of an item, is 1. */
  hasItem(code: number, wanted: Uint8Array): boolean {
    const last = this.lastItems[code] as number;
    for (let at = this.lastItems[code - 1] as number; at < last; at++)
      if (wanted[this.itemCodes[at] as number] === 1) return true;
    return false;
  }

  bytes(): number {
    return this.letters + 32 * this.texts.length + 8 * this.itemCodes.length + 40 * this.lists.size;
  }

  private codeOfItem(item: string): number {
    const known = this.codesOfItems.get(item);
    if (known !== undefined) return known;
    const code = this.items.push(item) - 1;
    this.codesOfItems.set(item, code);
    this.letters += item.length;
    return code;
  }
}
