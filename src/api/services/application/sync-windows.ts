import type { Application } from "#core/app/index.ts";
import { resolveWindows } from "#core/hub/index.ts";
import { turnsAt, verdictAt, windowStatus } from "#core/windows/index.ts";
import type { PlacedWindow } from "#core/windows/index.ts";
import { formatTime } from "#runtime/clock.ts";
import { compilePattern } from "#runtime/patterns.ts";
import type { ApiCall } from "../../caller.ts";
import type { ApiContext } from "../../context.ts";
import type {
  ApplicationSyncWindow,
  ApplicationSyncWindowsQuery,
  ApplicationSyncWindowsResponse,
} from "../../contract/gen/argocd/application_pb.ts";
import type { ShapeOf } from "../../contract/shape.ts";
import { findApplication } from "./find-application.ts";

/** The windows that say when an Application may be synced, whether a person may sync it now, and when that changes. */
export async function getSyncWindows(
  context: ApiContext,
  query: ShapeOf<ApplicationSyncWindowsQuery>,
  { caller }: ApiCall,
): Promise<ShapeOf<ApplicationSyncWindowsResponse>> {
  const app = findApplication(context, query, { caller, action: "get" }) as Application;
  const { hub } = context;
  const nowMs = context.clock.now();
  const { windows, problems } = resolveWindows(app, {
    config: context.config(),
    namespace: hub.namespace,
    findProject: (name) => hub.projects.get(`${hub.namespace}/${name}`),
    compilePattern,
  });
  const active = windows.filter(({ window }) => windowStatus(window.spec, nowMs) === "Active");
  const [automatedTurns, manualTurns] = (["automated", "manual"] as const).map((kind) =>
    turnsAt(windows, nowMs, kind),
  );
  return Promise.resolve({
    ...(automatedTurns === undefined ? {} : { automatedTurnsAt: formatTime(automatedTurns) }),
    ...(manualTurns === undefined ? {} : { manualTurnsAt: formatTime(manualTurns) }),
    activeWindows: active.map((one) => present(one)),
    assignedWindows: windows.map((one) => present(one)),
    canSync: problems.length === 0 && verdictAt(windows, nowMs).manual,
  });
}

function present({ window: { spec } }: PlacedWindow): ShapeOf<ApplicationSyncWindow> {
  const { kind = "", schedule = "", duration = "", manualSync = false } = spec;
  return { kind, schedule, duration, manualSync };
}
