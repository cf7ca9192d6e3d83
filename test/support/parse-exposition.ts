/** One sample line. */
export interface ParsedSample {
  /** The name of the family, perhaps with a suffix of a histogram or summary. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** All lines of one metric name. */
export interface ParsedFamily {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly samples: readonly ParsedSample[];
}

interface OpenFamily {
  readonly name: string;
  help?: string;
  type?: string;
  readonly samples: ParsedSample[];
  /** Names with label sets read so far, to find duplicates. */
  readonly seen: Set<string>;
}

/** For each type, the suffixes of its sample names. */
const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  counter: [''],
  gauge: [''],
  untyped: [''],
  histogram: ['_bucket', '_sum', '_count'],
  summary: ['', '_sum', '_count'],
};

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
/** A comment line. Its first word says whether it is HELP, TYPE or only a comment. */
const COMMENT = /^#[ \t]*([^ \t]*)/;
const HELP_LINE = new RegExp(`^#[ \\t]+HELP[ \\t]+(${NAME})(?:[ \\t](.*))?$`, 's');
const TYPE_LINE = new RegExp(`^#[ \\t]+TYPE[ \\t]+(${NAME})[ \\t]+([a-z]+)[ \\t]*$`);
const SAMPLE_NAME = new RegExp(NAME, 'y');
const LABEL = /[ \t]*([a-zA-Z_][a-zA-Z0-9_]*)[ \t]*=[ \t]*"([^"\\]*(?:\\.[^"\\]*)*)"[ \t]*/suy;
const REST = /[ \t]*([^ \t]+)(?:[ \t]+(-?\d+))?[ \t]*$/y;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/**
 * Reads the Prometheus text format 0.0.4, more strictly than Prometheus itself does: every family
 * has HELP and TYPE before its samples, and its lines are adjacent. It shares no code with the exporter's
 * own writer.
 *
 * @throws Error naming the line of the first violation, for example a duplicate label set
 */
export function parseExposition(text: string): readonly ParsedFamily[] {
  if (!text.isWellFormed()) throw new Error('a lone surrogate: the text cannot be UTF-8');
  if (text !== '' && !text.endsWith('\n')) throw new Error('the last line does not end');
  const parser = new Parser();
  let number = 0;
  for (const line of text.split('\n')) {
    number++;
    try {
      parser.line(line);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`line ${number}: ${reason}: ${line.slice(0, 200)}`);
    }
  }
  return parser.end();
}

class Parser {
  readonly #families = new Map<string, ParsedFamily>();
  /** Family of each sample name: a histogram's `x_count` must not be another family too. */
  readonly #owners = new Map<string, string>();
  #open: OpenFamily | undefined;

  line(line: string): void {
    if (/^[ \t]*$/.test(line)) return;
    const keyword = COMMENT.exec(line)?.[1];
    if (keyword === undefined) this.#sample(line);
    else if (keyword === 'HELP') this.#help(line);
    else if (keyword === 'TYPE') this.#type(line);
  }

  end(): readonly ParsedFamily[] {
    this.#close();
    return [...this.#families.values()];
  }

  #help(line: string): void {
    const [, name, text = ''] = HELP_LINE.exec(line) ?? [];
    if (name === undefined) throw new Error('not a HELP line');
    const family = this.#enter(name);
    if (family.help !== undefined) throw new Error(`a second HELP of ${name}`);
    if (family.samples.length > 0) throw new Error(`HELP of ${name} behind its samples`);
    family.help = unescaped(text, { '\\': '\\', n: '\n' });
  }

  #type(line: string): void {
    const [, name, type] = TYPE_LINE.exec(line) ?? [];
    if (name === undefined || type === undefined) throw new Error('not a TYPE line');
    if (!Object.hasOwn(SUFFIXES, type)) throw new Error(`unknown type ${type}`);
    const family = this.#enter(name);
    if (family.type !== undefined) throw new Error(`a second TYPE of ${name}`);
    if (family.samples.length > 0) throw new Error(`TYPE of ${name} behind its samples`);
    family.type = type;
  }

  #enter(name: string): OpenFamily {
    if (this.#open?.name === name) return this.#open;
    this.#close();
    if (this.#families.has(name)) throw new Error(`the lines of ${name} do not stand together`);
    this.#open = { name, samples: [], seen: new Set() };
    return this.#open;
  }

  #close(): void {
    const family = this.#open;
    if (!family) return;
    const { name, help, type, samples } = family;
    if (help === undefined) throw new Error(`${name} has no HELP`);
    if (type === undefined) throw new Error(`${name} has no TYPE`);
    if (type === 'histogram') checkHistogram(samples, name);
    this.#families.set(name, { name, help, type, samples });
    this.#open = undefined;
  }

  #sample(line: string): void {
    const { name, pairs, value } = readSample(line);
    const labels: Record<string, string> = {};
    for (const [label, text] of pairs) {
      if (Object.hasOwn(labels, label)) throw new Error(`label ${label} twice`);
      // Assignment would lose a label called __proto__.
      Object.defineProperty(labels, label, { value: text, enumerable: true });
    }
    const family = this.#familyOf(name);
    const key = JSON.stringify([name, ...pairs.sort(([a], [b]) => (a < b ? -1 : 1))]);
    if (family.seen.has(key)) throw new Error('a series stands twice');
    family.seen.add(key);
    family.samples.push({ name, labels, value });
  }

  #familyOf(sampleName: string): OpenFamily {
    const family = this.#open;
    const suffixes = family?.type === undefined ? [] : (SUFFIXES[family.type] ?? []);
    if (!family || !suffixes.some((suffix) => sampleName === `${family.name}${suffix}`)) {
      throw new Error(`${sampleName} stands outside a family with TYPE`);
    }
    const owner = this.#owners.get(sampleName) ?? family.name;
    if (owner !== family.name) throw new Error(`${sampleName} belongs to ${owner} already`);
    this.#owners.set(sampleName, family.name);
    return family;
  }
}

function readSample(line: string): {
  readonly name: string;
  readonly pairs: [string, string][];
  readonly value: number;
} {
  SAMPLE_NAME.lastIndex = 0;
  const name = SAMPLE_NAME.exec(line)?.[0];
  if (name === undefined) throw new Error('not a sample');
  const pairs: [string, string][] = [];
  let at = SAMPLE_NAME.lastIndex + blanks(line, SAMPLE_NAME.lastIndex);
  if (line[at] === '{') {
    at++;
    for (at += blanks(line, at); line[at] !== '}'; at += blanks(line, at)) {
      LABEL.lastIndex = at;
      const [, label, raw] = LABEL.exec(line) ?? [];
      if (label === undefined || raw === undefined) throw new Error('not a label');
      pairs.push([label, unescaped(raw, { '\\': '\\', n: '\n', '"': '"' })]);
      at = LABEL.lastIndex;
      if (line[at] === ',') at++;
      else if (line[at] !== '}') throw new Error('labels are not separated');
    }
    at++;
  } else if (at === SAMPLE_NAME.lastIndex) {
    throw new Error('not a sample');
  }
  REST.lastIndex = at;
  const [, value] = REST.exec(line) ?? [];
  if (value === undefined) throw new Error('no value');
  return { name, pairs, value: readNumber(value) };
}

function blanks(line: string, from: number): number {
  let at = from;
  while (line[at] === ' ' || line[at] === '\t') at++;
  return at - from;
}

/** A number as Go's ParseFloat reads it. */
function readNumber(text: string): number {
  if (/^[+-]?inf(?:inity)?$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  if (/^nan$/i.test(text)) return Number.NaN;
  if (!NUMBER.test(text)) throw new Error(`not a number: ${text}`);
  return Number(text);
}

function unescaped(raw: string, escapes: Readonly<Record<string, string>>): string {
  return raw.replace(/\\(.?)/gsu, (_, char: string) => {
    const meant = escapes[char];
    if (meant === undefined) throw new Error(`unknown escape \\${char}`);
    return meant;
  });
}

/** Checks that buckets rise up to +Inf, whose value is the count. */
function checkHistogram(samples: readonly ParsedSample[], family: string): void {
  const last = new Map<string, { le: number; value: number }>();
  const counts = new Map<string, number>();
  for (const { name, labels, value } of samples) {
    const { le, ...rest } = labels;
    const key = JSON.stringify(Object.entries(rest).sort());
    if (name === `${family}_count`) counts.set(key, value);
    if (name !== `${family}_bucket`) continue;
    if (le === undefined) throw new Error(`a bucket of ${family} without le`);
    const bound = readNumber(le);
    const before = last.get(key);
    if (before && (bound <= before.le || value < before.value)) {
      throw new Error(`the buckets of ${family} do not rise`);
    }
    last.set(key, { le: bound, value });
  }
  for (const [key, { le, value }] of last) {
    if (le !== Infinity || counts.get(key) !== value) {
      throw new Error(`the buckets of ${family} do not end with its count`);
    }
  }
  if (counts.size !== last.size) throw new Error(`${family} has a count without buckets`);
}
