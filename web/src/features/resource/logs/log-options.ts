import type { Resource } from "../../application/resources/describe-resources.ts";
import { isPod } from "../../application/resources/pods/group-pods.ts";
import type { Json } from "../manifest/json.ts";
import { listAt, textAt } from "../manifest/json.ts";

/** What of which logs is read. */
export interface LogOptions {
  /** Empty for those of all Pods. */
  readonly pod: string;
  readonly container: string;
  readonly isFollowed: boolean;
  /** Of the run before the current one. */
  readonly isPrevious: boolean;
  /** 0 for all. */
  readonly sinceSeconds: number;
  readonly tailLines: number;
}

/** The names of all containers of a Pod, those that people look for first. */
export function containersOf(pod: Json | undefined): readonly string[] {
  return ["containers", "initContainers", "ephemeralContainers"]
    .flatMap((field) => listAt(pod, "spec", field))
    .map((container) => textAt(container, "name"))
    .filter((name) => name !== undefined);
}

interface Asked {
  readonly application: { readonly name: string; readonly namespace: string };
  readonly resource: Resource;
  readonly options: LogOptions;
}

/** The request for these logs; a log of several Pods is asked for by what they belong to. */
export function logRequest({ application, resource, options }: Asked) {
  const { pod, container, isFollowed, isPrevious, sinceSeconds, tailLines } = options;
  const podName = isPod(resource) ? resource.name : pod;
  const owner = { group: resource.group, kind: resource.kind, resourceName: resource.name };
  return {
    name: application.name,
    appNamespace: application.namespace,
    namespace: resource.namespace,
    ...(podName === "" ? owner : { podName }),
    ...(container === "" ? {} : { container }),
    ...(sinceSeconds === 0 ? {} : { sinceSeconds }),
    tailLines,
    follow: isFollowed && !isPrevious,
    ...(isPrevious ? { previous: true } : {}),
  };
}

/** Where a text is found in a line, whatever its case: the parts between the finds and the finds by turns. */
export function highlightParts(line: string, text: string): readonly string[] {
  if (text === "") return [line];
  const parts: string[] = [];
  const [searched, wanted] = [line.toLowerCase(), text.toLowerCase()];
  // Some letters are longer in lower case, and then places in one are none in the other.
  if (searched.length !== line.length) return [line];
  let from = 0;
  for (let at = searched.indexOf(wanted); at !== -1; at = searched.indexOf(wanted, from)) {
    parts.push(line.slice(from, at), line.slice(at, at + wanted.length));
    from = at + wanted.length;
  }
  parts.push(line.slice(from));
  return parts;
}
