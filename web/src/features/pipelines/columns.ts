import type { Stage } from "./pipeline.ts";

/** A line between two neighbouring columns, from the top, in shares of the height. */
export interface Line {
  readonly from: number;
  readonly to: number;
}

export interface Column {
  readonly stages: readonly Stage[];
  /** From the column before. */
  readonly lines: readonly Line[];
}

/**
 * Stages from left to right: each one column behind the last of those that it takes from. A circle, which the server refuses, is drawn as if it
 * were cut.
 */
export function columnsOf(stages: readonly Stage[]): readonly Column[] {
  const byName = new Map(stages.map((stage) => [stage.name, stage]));
  const levels = new Map<string, number>();
  const levelOf = (name: string, way: readonly string[]): number => {
    const known = levels.get(name);
    if (known !== undefined) return known;
    const before = (byName.get(name)?.after ?? []).filter(
      (other) => byName.has(other) && !way.includes(other),
    );
    const level = before.reduce((most, other) => Math.max(most, levelOf(other, [...way, name]) + 1), 0);
    levels.set(name, level);
    return level;
  };
  for (const { name } of stages) levelOf(name, []);
  const count = Math.max(0, ...[...levels.values()].map((level) => level + 1));
  const columns = Array.from({ length: count }, (_, i) =>
    stages.filter(({ name }) => levels.get(name) === i),
  );
  return columns.map((column, i) => ({ stages: column, lines: linesBetween(columns[i - 1] ?? [], column) }));
}

function linesBetween(before: readonly Stage[], column: readonly Stage[]): readonly Line[] {
  return column.flatMap(({ after }, to) =>
    before.flatMap(({ name }, from) =>
      after.includes(name) ? [{ from: middleOf(from, before.length), to: middleOf(to, column.length) }] : [],
    ),
  );
}

const middleOf = (i: number, count: number): number => (i + 0.5) / count;

/** Whether the picture alone does not say what a stage takes from: several do, or they are not beside one another. */
export function needsWords(columns: readonly Column[], { name, after }: Stage): boolean {
  const at = columns.findIndex(({ stages }) => stages.some((stage) => stage.name === name));
  const before = columns[at - 1]?.stages.map((stage) => stage.name) ?? [];
  return after.length > 1 || before.length > 1 || after.some((other) => !before.includes(other));
}
