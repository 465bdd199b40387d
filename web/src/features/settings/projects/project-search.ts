export const projectTabs = ["summary", "roles", "windows", "events"] as const;
export type ProjectTab = (typeof projectTabs)[number];

/** What is shown of a project, as it stands in the address; Argo CD's links have the same names. */
export interface ProjectSearch {
  readonly tab?: ProjectTab;
}

export function parseProjectSearch(search: Readonly<Record<string, unknown>>): ProjectSearch {
  const tab = projectTabs.find((one) => one === search["tab"]);
  return tab === undefined || tab === "summary" ? {} : { tab };
}
