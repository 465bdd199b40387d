import type { KubeObject } from "#core/object/index.ts";
import type { HubKey } from "#ports/hub.ts";
import type { ApplicationChange } from "./context.ts";

type Listener = (change: ApplicationChange) => void;

/** Tells many listeners of the changes that one watch brings. */
export interface ChangeFeed {
  readonly tell: (key: HubKey, before: KubeObject | undefined, after: KubeObject | undefined) => void;
  readonly listen: (listener: Listener) => Disposable;
  /** Every Application by a small number, in the order in which they came; one that is made anew gets another number. */
  readonly numbered: ReadonlyMap<number, KubeObject>;
}

export function createChangeFeed(): ChangeFeed {
  const listeners = new Set<Listener>();
  const numbers = new Map<HubKey, number>();
  const numbered = new Map<number, KubeObject>();
  let next = 0;
  return {
    tell: (key, before, after) => {
      const number = numbers.get(key) ?? next++;
      if (after === undefined) {
        numbers.delete(key);
        numbered.delete(number);
      } else {
        numbers.set(key, number);
        numbered.set(number, after);
      }
      for (const listener of listeners) listener({ key, number, before, after });
    },
    numbered,
    listen: (listener) => {
      listeners.add(listener);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
  };
}
