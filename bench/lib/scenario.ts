/** One benchmark: measured in a process of its own, on a control plane of its own. */
export interface Scenario {
  readonly name: string;
  /** What is measured, one sentence. */
  readonly what: string;
  /** What the ratio is a ratio to; more is better in every ratio. */
  readonly against: string;
  /** The ratio that design asks for. */
  readonly goal: number;
  /** What limits the figure, as far as profiles and counts show: written by hand. */
  readonly limits: string;
  measure(note: Note): Promise<Figure>;
}

export interface Figure {
  readonly value: number;
  readonly unit: string;
  readonly ratio: number;
}

/** Says something that belongs to the figure. */
export type Note = (text: string) => void;

export function round(value: number): number {
  return value >= 100 ? Math.round(value) : Number(value.toPrecision(3));
}

/** The figure's own line, the last that a measurement prints. */
export function formatFigure(name: string, { value, unit, ratio }: Figure): string {
  return `${name} ${round(value)} ${unit} ratio=${ratio.toFixed(2)}`;
}

/** The value below which this part (0 to 1) of the values lies. Throws for no values. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = Math.min(sorted.length - 1, Math.ceil(part * sorted.length) - 1);
  const value = sorted[Math.max(0, at)];
  if (value === undefined) throw new Error("a percentile of nothing");
  return value;
}

/** Does some work so many times, one after the other; how long each took, in milliseconds. */
export async function times(count: number, work: () => Promise<void>): Promise<readonly number[]> {
  const taken: number[] = [];
  for (let i = 0; i < count; i += 1) {
    const startedAt = performance.now();
    await work();
    taken.push(performance.now() - startedAt);
  }
  return taken;
}
