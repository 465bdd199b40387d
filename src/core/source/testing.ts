import { messageOf } from "#core/errors/index.ts";
import { buildEnvironmentOf } from "./build-environment.ts";
import type { SourceContext } from "./source-context.ts";
import { defaultSourceSettings } from "./source-settings.ts";

export const sampleEnvironment = buildEnvironmentOf({
  appName: "web",
  namespace: "shop",
  project: "team",
  revision: "f913b6cbf58aa5ae5ca1f8a2b149477aebcbd9d8",
  path: "charts/web",
  repoUrl: "https://git.example.com/shop.git",
  targetRevision: "main",
  kubeVersion: "v1.37.2+k3s1",
  apiVersions: ["v1", "v1/Pod"],
});

/** A Helm source at `charts/web` beside a source with `ref: values`. */
export function sampleContext(changes: Partial<SourceContext> = {}): SourceContext {
  return {
    tool: "Helm",
    path: "charts/web",
    refs: new Set(["values"]),
    schemes: defaultSourceSettings.valuesFileSchemes,
    environment: sampleEnvironment,
    settings: defaultSourceSettings,
    releaseName: "web",
    namespace: "shop",
    kubeVersion: "v1.37.2",
    apiVersions: ["v1", "v1/Pod"],
    ...changes,
  };
}

/** The result, or the message of the error. */
export function outcome(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return messageOf(error);
  }
}
