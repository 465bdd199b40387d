import { projectOf } from "#core/project/project-of.ts";
import type { Pipeline } from "#core/promotion/index.ts";
import { mayClaim } from "#core/promotion/index.ts";
import type { Collection } from "#ports/hub.ts";
import type { PromotionDeps } from "./deps.ts";

/** The Applications that a pipeline may have in its stages. */
export function ownApplications({
  pipeline,
  deps: { hub },
}: {
  readonly pipeline: Pipeline;
  readonly deps: Pick<PromotionDeps, "hub">;
}): Pick<Collection, "get"> {
  return {
    get: (key) => {
      const object = hub.applications.get(key);
      const [namespace = ""] = key.split("/");
      const project = projectOf(object);
      return mayClaim(pipeline, { namespace, project }, hub.namespace) ? object : undefined;
    },
  };
}
