import { useSyncExternalStore } from "react";

export type Theme = "system" | "light" | "dark";

const key = "mooring.theme";
const listeners = new Set<() => void>();

function stored(): Theme {
  const value = localStorage.getItem(key);
  return value === "light" || value === "dark" ? value : "system";
}

/** Shows the theme that was chosen in this browser. */
export function applyTheme(): void {
  const theme = stored();
  if (theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
}

export function useTheme(): readonly [Theme, (theme: Theme) => void] {
  const theme = useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, stored);
  const choose = (next: Theme): void => {
    localStorage.setItem(key, next);
    applyTheme();
    for (const listener of listeners) listener();
  };
  return [theme, choose];
}
