import { argoApiVersion } from "#core/crd/parse-object.ts";
import type { AppProject } from "./types.ts";

const defaultProjectName = "default";

/** The project that exists from the start and permits everything. */
export function defaultProject(namespace: string): AppProject {
  return {
    apiVersion: argoApiVersion,
    kind: "AppProject",
    metadata: { name: defaultProjectName, namespace },
    spec: {
      sourceRepos: ["*"],
      destinations: [{ server: "*", namespace: "*" }],
      clusterResourceWhitelist: [{ group: "*", kind: "*" }],
    },
  };
}
