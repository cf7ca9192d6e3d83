import { type Block, FixedBlock } from './block.ts';
import { sampleValue } from './escape.ts';
import { BLOCK_LINES } from './groups.ts';
import { type AgeLine, LiveBlock } from './live-block.ts';

/** A block of very long lines has fewer of them, in characters. */
const BLOCK_TEXT = 512 * 1024;

/**
 * A family's lines on their way into blocks. A block that turns out as it was last time is kept, with
 * what was deflated of it.
 */
export class FamilyLines {
  readonly #isAge: boolean;
  readonly #last: readonly Block[];
  readonly #blocks: Block[] = [];
  #count = 0;
  #characters = 0;
  #text = '';
  #ages: AgeLine[] = [];

  /**
   * @param isAge whether values are times, whose age is exposed
   * @param last the blocks of the family's lines before
   */
  constructor(isAge: boolean, last: readonly Block[]) {
    this.#isAge = isAge;
    this.#last = last;
  }

  /** @param prefix the line up to its value */
  add(prefix: string, value: number): void {
    if (this.#isAge) this.#ages.push({ prefix, since: value });
    else this.#text += `${prefix}${sampleValue(value)}\n`;
    this.#added(prefix.length);
  }

  /** Adds whole lines, none of them an age. */
  addText(lines: string): void {
    if (lines === '') return;
    this.#text += lines;
    this.#added(0);
  }

  /** The blocks of all that was added. */
  end(): readonly Block[] {
    if (this.#count > 0) this.#close();
    return this.#blocks;
  }

  #added(length: number): void {
    this.#count++;
    this.#characters += length;
    if (this.#count >= BLOCK_LINES || this.#characters >= BLOCK_TEXT) this.#close();
  }

  #close(): void {
    const before = this.#last[this.#blocks.length];
    this.#blocks.push(this.#isAge ? this.#ageBlock(before) : this.#fixedBlock(before));
    this.#count = 0;
    this.#characters = 0;
    this.#text = '';
    this.#ages = [];
  }

  #fixedBlock(before: Block | undefined): Block {
    const text = Buffer.from(this.#text);
    return before instanceof FixedBlock && before.holds(text) ? before : new FixedBlock(text);
  }

  #ageBlock(before: Block | undefined): Block {
    const block = new LiveBlock(this.#ages);
    return before instanceof LiveBlock && before.isAs(block) ? before : block;
  }
}
