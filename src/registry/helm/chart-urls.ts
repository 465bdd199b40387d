import { isSameServer } from "../http/origin.ts";
import type { IndexEntry } from "./index-entry.ts";

/** Where the index of a repository is: its query is kept, a slash more or less does not matter. */
export function indexUrlOf(repository: string): URL {
  const url = new URL(repository);
  url.pathname = url.pathname.replace(/\/*$/, "/index.yaml");
  return url;
}

/** Where a chart's archive may be fetched, in the order of the index; a relative URL is below the repository's. */
export function chartUrlsOf(repository: string, entry: IndexEntry): readonly URL[] {
  const base = new URL(repository);
  const directory = new URL(base);
  directory.pathname = base.pathname.replace(/\/*$/, "/");
  return entry.urls.flatMap((text) => {
    const isAbsolute = /^[a-z][a-z0-9+.-]*:/i.test(text);
    const url = URL.parse(text, directory.href);
    if (url === null || !["https:", "http:", "oci:"].includes(url.protocol)) return [];
    if (!isAbsolute && isSameServer(base, url) && url.search === "") url.search = base.search;
    return [url];
  });
}
