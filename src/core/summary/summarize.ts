import type { KubeObject } from "#core/object/index.ts";
import { viewImages } from "./images.ts";
import { viewLinks } from "./links.ts";

export interface Summary {
  /** Container images, sorted, each once. */
  readonly images: readonly string[];
  /** http and https URLs, sorted, each once; one from a link annotation may read `title|url`. */
  readonly externalURLs: readonly string[];
}

// A status is one object in etcd, whose size is limited; nobody reads a longer list.
const maxImages = 500;
const maxExternalURLs = 200;

export function summarize(objects: Iterable<KubeObject>): Summary {
  const images = new Set<string>();
  const externalURLs = new Set<string>();
  for (const object of objects) {
    for (const image of viewImages(object)) images.add(image);
    for (const url of viewLinks(object)) externalURLs.add(url);
  }
  return cap(images, externalURLs);
}

/** The summary of all the objects that several summaries were made of. */
export function mergeSummaries(summaries: Iterable<Summary>): Summary {
  const images = new Set<string>();
  const externalURLs = new Set<string>();
  for (const summary of summaries) {
    for (const image of summary.images) images.add(image);
    for (const url of summary.externalURLs) externalURLs.add(url);
  }
  return cap(images, externalURLs);
}

function cap(images: ReadonlySet<string>, externalURLs: ReadonlySet<string>): Summary {
  return {
    images: [...images].toSorted().slice(0, maxImages),
    externalURLs: [...externalURLs].toSorted().slice(0, maxExternalURLs),
  };
}
