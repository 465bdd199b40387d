export const views = [
  "tree",
  "list",
  "network",
  "pods",
  "history",
  "delivery",
  "drift",
  "parameters",
  "events",
] as const;
export type View = (typeof views)[number];

/** What of an application is shown, as it stands in the address. */
export interface PageSearch {
  readonly view?: View;
  /** The resource whose panel is open, as `group/kind/namespace/name`. */
  readonly resource?: string;
  /** Which part of the panel. */
  readonly tab?: string;
}

export function parsePageSearch(search: Readonly<Record<string, unknown>>): PageSearch {
  const { view, resource, tab } = search;
  const known = views.find((one) => one === view);
  return {
    ...(known === undefined || known === "tree" ? {} : { view: known }),
    ...(typeof resource === "string" && resource !== "" ? { resource } : {}),
    ...(typeof tab === "string" && tab !== "" ? { tab } : {}),
  };
}
