import { appKeyOf, hasSources, sourcesOf } from "#core/app/index.ts";
import type { Application } from "#core/app/index.ts";
import { MooringError } from "#core/errors/index.ts";
import type { RenderedManifests } from "#ports/live-view.ts";
import type { ApiCall } from "../../caller.ts";
import type { ApiContext } from "../../context.ts";
import type { ApplicationManifestQuery } from "../../contract/gen/argocd/application_pb.ts";
import type { ManifestResponse } from "../../contract/gen/argocd/repository_pb.ts";
import type { ShapeOf } from "../../contract/shape.ts";
import { findApplication } from "./find-application.ts";
import { maskObject } from "./mask-object.ts";

/** What the sources render to, at a revision or at their target revisions; the values of Secrets are masked. */
export async function getManifests(
  context: ApiContext,
  query: ShapeOf<ApplicationManifestQuery>,
  { caller, signal }: ApiCall,
): Promise<ShapeOf<ManifestResponse>> {
  const app = findApplication(context, query, { caller, action: "get" }) as Application;
  const rendered = await context.live.manifests(appKeyOf(app), {
    revisions: revisionsOf(app, query),
    signal,
  });
  return presentManifests(context, app, rendered);
}

/** Masked, as they may leave the server. */
export function presentManifests(
  context: ApiContext,
  app: Application,
  rendered: RenderedManifests,
): ShapeOf<ManifestResponse> {
  const { namespace = "", server = "", name = "" } = app.spec.destination;
  return {
    manifests: rendered.objects.map(({ object, secretPaths }) =>
      maskObject(context, object, { app, secretPaths }),
    ),
    namespace,
    server: server === "" ? name : server,
    revision: rendered.revisions[0] ?? "",
    sourceType: rendered.sourceTypes[0] ?? "",
  };
}

/** By source; positions count from one, as clients show them. Throws API_INVALID_ARGUMENT for a position that there is not. */
export function revisionsOf(
  app: Application,
  {
    revision = "",
    revisions = [],
    sourcePositions = [],
  }: Pick<ShapeOf<ApplicationManifestQuery>, "revision" | "revisions" | "sourcePositions">,
): readonly string[] {
  const sources = sourcesOf(app);
  if (!hasSources(app)) return [revision];
  const chosen = sources.map(() => "");
  for (const [i, position] of sourcePositions.entries()) {
    if (position < 1 || position > sources.length) {
      throw new MooringError(
        "API_INVALID_ARGUMENT",
        `sourcePositions[${i}]: is ${position}; the application has sources 1 to ${sources.length}`,
      );
    }
    chosen[position - 1] = revisions[i] ?? "";
  }
  return chosen;
}
