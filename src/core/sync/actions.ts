import type { Action, Wave } from "./plan.ts";

/** What waves do, in order. */
export function actionsOf(...waves: readonly Pick<Wave, "groups">[]): readonly Action[] {
  return waves.flatMap(({ groups }) => groups.flatMap(({ actions }) => actions));
}
