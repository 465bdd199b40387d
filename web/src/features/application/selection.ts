import { useSyncExternalStore } from "react";

const none: ReadonlySet<string> = new Set();
const listeners = new Set<() => void>();
let of = "";
let keys = none;

function change(next: ReadonlySet<string>): void {
  keys = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export interface Selection {
  /** `group/kind/namespace/name` of each. */
  readonly keys: ReadonlySet<string>;
  /** Adds what is not in it, takes out what is. */
  readonly toggle: (key: string) => void;
  readonly set: (keys: Iterable<string>) => void;
  readonly clear: () => void;
}

/** What of an application's resources is selected, for whoever offers them and whoever works with them. Another application begins with none. */
export function useSelection(application: string): Selection {
  const selected = useSyncExternalStore(subscribe, () => (of === application ? keys : none));
  const set = (next: Iterable<string>): void => {
    of = application;
    change(new Set(next));
  };
  return {
    keys: selected,
    toggle: (key) => set(selected.has(key) ? [...selected].filter((one) => one !== key) : [...selected, key]),
    set,
    clear: () => set([]),
  };
}
