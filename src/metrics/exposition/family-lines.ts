import type { FleetDeclaration } from '../metric.ts';
import { AgeBlock } from './ages/index.ts';
import { type Block, type BlocksByMetric, FixedBlock } from './block.ts';
import { BLOCK_LINES } from './groups.ts';
import { valueText } from './lines.ts';
import { ownCopy, TextBytes } from './text-bytes.ts';

/** Maximum number of characters in a block. Blocks of very long lines have fewer lines. */
const BLOCK_TEXT = 512 * 1024;

/**
 * Collects the lines of a family into blocks. A block whose text has not changed is kept, together with the
 * result of deflating it.
 */
export class FamilyLines {
  readonly #isAge: boolean;
  readonly #last: readonly Block[];
  readonly #blocks: Block[] = [];
  #count = 0;
  #characters = 0;
  readonly #bytes = new TextBytes();
  /** For ages only: the start time of each line, and the number of bytes before its value. */
  #since: number[] = [];
  #lengths: number[] = [];

  /** @param last the earlier blocks; unchanged ones are kept */
  constructor({ name, isAge }: FleetDeclaration, last: BlocksByMetric) {
    this.#isAge = isAge === true;
    this.#last = last.get(name) ?? [];
  }

  /** Adds a line. @param prefix the line up to its value */
  add(prefix: string, value: number): void {
    if (this.#isAge) {
      this.#bytes.add(`${prefix}\n`);
      this.#since.push(value);
      this.#lengths.push(Buffer.byteLength(prefix));
    } else this.#bytes.add(`${prefix}${valueText(value)}\n`);
    this.#added(prefix.length);
  }

  /** Adds whole lines of a family that does not show ages. */
  addText(lines: string): void {
    if (lines === '') return;
    this.#bytes.add(lines);
    this.#added(lines.length);
  }

  /** The blocks of all lines. No line may be added afterwards. */
  end(): readonly Block[] {
    if (this.#count > 0) this.#close();
    this.#bytes.release();
    return this.#blocks;
  }

  #added(length: number): void {
    this.#count++;
    this.#characters += length;
    if (this.#count >= BLOCK_LINES || this.#characters >= BLOCK_TEXT) this.#close();
  }

  #close(): void {
    const before = this.#last[this.#blocks.length];
    const bytes = this.#bytes.take();
    this.#blocks.push(this.#isAge ? this.#ageBlock(bytes, before) : fixedBlock(bytes, before));
    this.#count = 0;
    this.#characters = 0;
    this.#since = [];
    this.#lengths = [];
  }

  #ageBlock(constant: Uint8Array, before: Block | undefined): Block {
    const lines = { constant, since: this.#since, lengths: this.#lengths };
    return AgeBlock.of(lines, before instanceof AgeBlock ? before : undefined);
  }
}

function fixedBlock(text: Uint8Array, before: Block | undefined): Block {
  const isKept = before instanceof FixedBlock && before.holds(text);
  return isKept ? before : new FixedBlock(ownCopy(text));
}
