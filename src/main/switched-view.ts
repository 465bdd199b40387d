import { MooringError } from "#core/errors/index.ts";
import type { LiveView } from "#ports/live-view.ts";

export interface SwitchedView {
  readonly view: LiveView;
  /** The view that answers from now on; undefined for none. */
  readonly use: (view: LiveView | undefined) => void;
}

/** A view that answers as long as a controller leads in this process. */
export function createSwitchedView(): SwitchedView {
  let current: LiveView | undefined;
  const leading = (): LiveView => {
    if (current !== undefined) return current;
    throw new MooringError(
      "API_CLOSING",
      "no controller leads here, so nothing is known of what lives in clusters; ask the replica that leads, or try again in a moment",
    );
  };
  return {
    use: (view) => void (current = view),
    view: {
      managed: async (app, signal) => leading().managed(app, signal),
      manifests: async (app, request) => leading().manifests(app, request),
      compareWith: async (app, manifests, signal) => leading().compareWith(app, manifests, signal),
      describeCommit: async (app, revision) => leading().describeCommit(app, revision),
      describeArtifact: async (app, revision) => leading().describeArtifact(app, revision),
      openSource: async (app, revision) => leading().openSource(app, revision),
      lastSeen: async (app, keys, signal) => leading().lastSeen(app, keys, signal),
      orphans: async (app, signal) => leading().orphans(app, signal),
      plan: async (app, request) => leading().plan(app, request),
      preview: async (app, operation, signal) => leading().preview(app, operation, signal),
      timeline: async (app, limit, signal) => leading().timeline(app, limit, signal),
      load: async (signal) => leading().load(signal),
      testRepository: async (secret, signal) => leading().testRepository(secret, signal),
      get repositories() {
        return leading().repositories;
      },
      get deliveries() {
        return leading().deliveries;
      },
    },
  };
}
