import { endsComparison } from "./allowed-differences.ts";
import type { Told } from "./lane.ts";

const shownPlaces = 6;

/** In words, what two servers first told otherwise; undefined when they told the same. */
export function differences(theirs: readonly Told[], ours: readonly Told[]): string | undefined {
  const length = Math.max(theirs.length, ours.length);
  for (let at = 0; at < length; at += 1) {
    const [real, own] = [theirs[at], ours[at]];
    if (endsComparison(real?.answer)) return undefined;
    const places = placesOf("", real?.answer, own?.answer);
    if (places.length === 0) continue;
    const verdict = places.filter((place) =>
      /^ {2}\/(?:code|body\/message|body\/details|body\/details\/causes)\n/.test(place),
    );
    const shown = [...new Set([...verdict, ...places])].slice(0, shownPlaces).join("\n");
    return `step ${at}: ${JSON.stringify((real ?? own)?.about)}\n${shown}`;
  }
  return undefined;
}

/** Where two values differ, and how. */
function placesOf(path: string, real: unknown, own: unknown): readonly string[] {
  if (JSON.stringify(real) === JSON.stringify(own)) return [];
  if (!isTree(real) || !isTree(own))
    return [`  ${path}\n    real: ${textOf(real)}\n    ours: ${textOf(own)}`];
  const names = new Set([...Object.keys(real), ...Object.keys(own)]);
  const inner = [...names].flatMap((name) => placesOf(`${path}/${name}`, real[name], own[name]));
  return inner.length > 0 ? inner : [`  ${path}: in another order`];
}

function isTree(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function textOf(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}
