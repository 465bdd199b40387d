import { MooringError } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { annotationsOf, isOlderVersion } from "#core/object/index.ts";
import { annotationKey } from "#core/tracking/index.ts";
import { patchObject } from "#engine/patch-object.ts";
import type { ApiContext } from "../../context.ts";
import { apiFieldManager } from "../../context.ts";
import { applicationRef } from "./find-application.ts";

const refreshTimeoutMs = 60_000;

interface RefreshRequest {
  readonly kind: string;
  readonly signal: AbortSignal;
}

/** Has the controller compare an Application anew, and gives it as it is then. Throws API_INVALID_ARGUMENT, APP_NOT_FOUND and KUBE_TIMEOUT. */
export async function refresh(
  context: ApiContext,
  app: KubeObject,
  { kind, signal }: RefreshRequest,
): Promise<KubeObject> {
  if (!["normal", "hard", "true"].includes(kind)) {
    throw new MooringError("API_INVALID_ARGUMENT", "refresh: must be normal or hard; correct it");
  }
  const ref = applicationRef(app);
  const key = `${ref.namespace}/${ref.name}`;
  const gone = () => new MooringError("APP_NOT_FOUND", `Application/${key}: was deleted meanwhile`);
  const asked = await patchObject(context.hub.cluster, ref, {
    decide: () => ({
      metadata: { annotations: { [annotationKey.refresh]: kind === "hard" ? "hard" : "normal" } },
    }),
    fieldManager: apiFieldManager,
    signal,
  });
  if (asked === undefined) throw gone();
  const after = Promise.withResolvers<KubeObject>();
  using _changes = context.onApplicationChange((change) => {
    if (change.key !== key) return;
    if (change.after === undefined) after.reject(gone());
    else if (isNewer(change.after, asked) && isRefreshed(change.after)) after.resolve(change.after);
  });
  const known = context.hub.applications.get(key);
  if (known !== undefined && isNewer(known, asked) && isRefreshed(known)) return known;
  using _late = context.clock.after(refreshTimeoutMs, () =>
    after.reject(
      new MooringError(
        "KUBE_TIMEOUT",
        `Application/${key}: not refreshed within ${refreshTimeoutMs / 1000} s; see that a controller runs for namespace ${context.hub.namespace}`,
      ),
    ),
  );
  const stop = (): void => after.reject(new DOMException("the request was cancelled", "AbortError"));
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await after.promise;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

function isRefreshed(app: KubeObject): boolean {
  return annotationsOf(app)[annotationKey.refresh] === undefined;
}

function isNewer(a: KubeObject, b: KubeObject): boolean {
  return isOlderVersion(b.metadata.resourceVersion, a.metadata.resourceVersion);
}
