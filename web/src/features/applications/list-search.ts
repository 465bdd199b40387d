export type Look = "table" | "tiles";

/** What the list shows, as it stands in the address. */
export interface ListSearch {
  readonly text?: string;
  readonly sync?: readonly string[];
  readonly health?: readonly string[];
  readonly project?: readonly string[];
  readonly cluster?: readonly string[];
  readonly namespace?: readonly string[];
  /** Repository URL. */
  readonly repo?: string;
  /** A label selector, such as `team=web`. */
  readonly labels?: string;
  readonly automated?: boolean;
  readonly favourites?: boolean;
  readonly sort?: string;
  readonly look?: Look;
}

const facets = ["sync", "health", "project", "cluster", "namespace"] as const;
export type Facet = (typeof facets)[number];

/** What can be read of an address; what is no filter is left out. */
export function parseListSearch(search: Readonly<Record<string, unknown>>): ListSearch {
  const { text, repo, labels, sort, look, automated, favourites } = search;
  const lists = facets.flatMap((facet) => {
    const values = namesIn(search[facet]);
    return values.length === 0 ? [] : [[facet, values] as const];
  });
  return {
    ...Object.fromEntries(lists),
    ...(isText(text) ? { text } : {}),
    ...(isText(repo) ? { repo } : {}),
    ...(isText(labels) ? { labels } : {}),
    ...(isText(sort) && sort !== "name" ? { sort } : {}),
    ...(typeof automated === "boolean" ? { automated } : {}),
    ...(favourites === true ? { favourites } : {}),
    ...(look === "tiles" ? { look } : {}),
  };
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function namesIn(value: unknown): readonly string[] {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values.filter((one) => isText(one));
}

/** The same with a value of a facet added, or taken away if it was there. */
export function toggled(search: ListSearch, facet: Facet, value: string): ListSearch {
  const { [facet]: before = [], ...rest } = search;
  const after = before.includes(value) ? before.filter((one) => one !== value) : [...before, value];
  return after.length === 0 ? rest : { ...rest, [facet]: after };
}

/** Whether the search leaves anything out. */
export function isNarrowed({ sort: _sort, look: _look, ...filters }: ListSearch): boolean {
  return Object.values(filters).some((value) => value !== undefined);
}
