/** The colours that Grafana's light theme has for the names that the dashboards use. */
const NAMED: Readonly<Record<string, string>> = {
  green: '#37872d',
  orange: '#e0670b',
  red: '#c4162a',
  blue: '#1f60c4',
};

/** For series one after the other: Grafana's classic palette. */
const PALETTE = [
  '#7eb26d',
  '#eab839',
  '#6ed0e0',
  '#ef843c',
  '#e24d42',
  '#1f78c1',
  '#ba43a9',
  '#705da0',
  '#508642',
  '#cca300',
  '#447ebc',
  '#c15c17',
] as const;

/** A step of a panel's thresholds: from this value on, this colour. */
export interface Step {
  readonly value: number | null;
  readonly color: string;
}

export function named(colour: string): string {
  const known = NAMED[colour];
  if (known === undefined) throw new Error(`No colour ${colour} in scripts/previews/colours.ts`);
  return known;
}

export function inPalette(index: number): string {
  return PALETTE[index % PALETTE.length] ?? PALETTE[0];
}

/** The colour that the thresholds give a value. */
export function byThreshold(value: number, steps: readonly Step[]): string {
  const reached = steps.filter((step) => step.value === null || value >= step.value).at(-1);
  return named(reached?.color ?? 'blue');
}
