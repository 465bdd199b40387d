import type { Step } from "./lines.ts";
import { diffLines } from "./lines.ts";
import type { YamlLine } from "./yaml.ts";
import { printYamlLines } from "./yaml.ts";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { isJsonObject } from "#core/object/index.ts";

export interface DiffLine {
  readonly kind: "context" | "added" | "removed" | "hunk";
  /** Without the leading sign; of a hunk its header, `@@ -3,7 +3,7 @@ spec.replicas`. */
  readonly text: string;
}

interface DiffOptions {
  /** Lines around a change; 3 unless told. */
  readonly context?: number;
  /** Show what the server writes too: managedFields, resourceVersion, uid, generation, creationTimestamp, status. */
  readonly showServerFields?: boolean;
}

/**
 * The unified diff of two objects as YAML, fields in a fixed order; empty when they print the same. Undefined stands for
 * an object that does not exist. Secrets must have been redacted before.
 */
export function diffObjects(
  before: KubeObject | undefined,
  after: KubeObject | undefined,
  options: DiffOptions = {},
): readonly DiffLine[] {
  const texts = { before: printed(before, options), after: printed(after, options) };
  const steps = diffLines(
    texts.before.map(({ text }) => text),
    texts.after.map(({ text }) => text),
  );
  return hunksOf(steps, options.context ?? 3).flatMap((hunk) => printHunk(hunk, texts));
}

const SERVER_METADATA: readonly string[] = [
  "creationTimestamp",
  "generation",
  "managedFields",
  "resourceVersion",
  "selfLink",
  "uid",
];

function printed(
  object: KubeObject | undefined,
  { showServerFields = false }: DiffOptions,
): readonly YamlLine[] {
  if (object === undefined) return [];
  return printYamlLines(showServerFields ? object : withoutServerFields(object));
}

function withoutServerFields(object: KubeObject): JsonObject {
  const { status: _status, ...rest } = object as JsonObject;
  if (!isJsonObject(rest["metadata"])) return rest;
  const kept = Object.entries(rest["metadata"]).filter(([name]) => !SERVER_METADATA.includes(name));
  return { ...rest, metadata: Object.fromEntries(kept) };
}

/** Runs of steps around changes; changes whose contexts touch are one hunk. */
function hunksOf(steps: readonly Step[], context: number): readonly (readonly Step[])[] {
  const hunks: { start: number; end: number }[] = [];
  for (const [i, step] of steps.entries()) {
    if (step.kind === "same") continue;
    const last = hunks.at(-1);
    if (last !== undefined && i - context <= last.end) last.end = i + context + 1;
    else hunks.push({ start: Math.max(0, i - context), end: i + context + 1 });
  }
  return hunks.map(({ start, end }) => steps.slice(start, end));
}

interface Texts {
  readonly before: readonly YamlLine[];
  readonly after: readonly YamlLine[];
}

function printHunk(steps: readonly Step[], texts: Texts): readonly DiffLine[] {
  return [{ kind: "hunk", text: headerOf(steps, texts) }, ...steps.map((step) => printStep(step, texts))];
}

function printStep(step: Step, texts: Texts): DiffLine {
  switch (step.kind) {
    case "same":
      return { kind: "context", text: texts.before[step.before]?.text ?? "" };
    case "removed":
      return { kind: "removed", text: texts.before[step.before]?.text ?? "" };
    case "added":
      return { kind: "added", text: texts.after[step.after]?.text ?? "" };
  }
}

/** The ranges, as `diff -u` counts them, and the field that changes first. */
function headerOf(steps: readonly Step[], texts: Texts): string {
  const before = steps.flatMap((step) => (step.kind === "added" ? [] : [step.before]));
  const after = steps.flatMap((step) => (step.kind === "removed" ? [] : [step.after]));
  const changed = steps.find(({ kind }) => kind !== "same");
  const line = changed === undefined ? undefined : lineOf(changed, texts);
  return `@@ -${rangeOf(before)} +${rangeOf(after)} @@ ${line?.path ?? ""}`.trimEnd();
}

function lineOf(step: Step, texts: Texts): YamlLine | undefined {
  return step.kind === "added" ? texts.after[step.after] : texts.before[step.before];
}

function rangeOf(lines: readonly number[]): string {
  const first = lines[0];
  return first === undefined ? "0,0" : `${first + 1},${lines.length}`;
}
