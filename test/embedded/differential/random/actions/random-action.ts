import type { Step } from "../../run-script.ts";
import type { Action, Making } from "../making.ts";
import { list, read } from "./reads.ts";
import { remove, removeMany } from "./removes.ts";
import { scale, writeStatus } from "./subresources.ts";
import { apply, create, edit, patch, replace } from "./writes.ts";

const weighted: readonly (readonly [weight: number, action: Action])[] = [
  [16, create],
  [6, replace],
  [12, edit],
  [18, patch],
  [22, apply],
  [8, writeStatus],
  [6, scale],
  [8, remove],
  [2, removeMany],
  [3, read],
  [5, list],
];

const actions = weighted.flatMap(([weight, action]) => Array.from({ length: weight }, () => action));

/** One request, or one that reads and one that needs what was read. */
export function randomAction(making: Making): readonly Step[] {
  return making.draw.pick(actions)(making);
}
