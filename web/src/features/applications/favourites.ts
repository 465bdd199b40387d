import { useSyncExternalStore } from "react";

const key = "mooring.favourites";
const listeners = new Set<() => void>();
let text = "";
let known: ReadonlySet<string> = new Set();

/** What this browser keeps; read anew when another tab changed it. */
function read(): ReadonlySet<string> {
  const kept = localStorage.getItem(key) ?? "[]";
  if (kept === text) return known;
  text = kept;
  known = new Set(namesIn(kept));
  return known;
}

function namesIn(kept: string): readonly string[] {
  try {
    const parsed: unknown = JSON.parse(kept);
    return Array.isArray(parsed) ? parsed.filter((one): one is string => typeof one === "string") : [];
  } catch (error) {
    // Somebody else wrote it; the next favourite writes it anew.
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  globalThis.addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    globalThis.removeEventListener("storage", listener);
  };
}

/** Applications that this browser's user marked, as `namespace/name`. */
export function useFavourites(): readonly [ReadonlySet<string>, (name: string) => void] {
  const names = useSyncExternalStore(subscribe, read);
  const toggle = (name: string): void => {
    const next = new Set(read());
    if (!next.delete(name)) next.add(name);
    localStorage.setItem(key, JSON.stringify([...next]));
    for (const listener of listeners) listener();
  };
  return [names, toggle];
}
