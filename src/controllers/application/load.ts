import { formatDuration } from "#core/sync/index.ts";
import type { ControllerLoad } from "#ports/live-view.ts";
import type { ApplicationDeps } from "./deps.ts";

/** Whoever waits longer than this for a look will notice. */
const tooLongMs = 60_000;
const betweenLooksMs = 60_000;

interface LoadDeps extends Pick<ApplicationDeps, "queue" | "statusProcessors"> {
  readonly hub: Pick<ApplicationDeps["hub"], "applications">;
  readonly adapters: Pick<ApplicationDeps["adapters"], "clock">;
}

/** How much the controller has to do, and what helps when that is too much. */
export function loadOf({ hub, queue, statusProcessors, adapters }: LoadDeps): ControllerLoad {
  const since = queue.oldestSinceMs;
  const longestWaitMs = since === undefined ? 0 : Math.max(0, adapters.clock.now() - since);
  const applications = [...hub.applications.values()].length;
  const load = { applications, waiting: queue.length, longestWaitMs, statusProcessors };
  return longestWaitMs < tooLongMs ? load : { ...load, advice: adviceFor(load) };
}

function adviceFor({ applications, waiting, longestWaitMs, statusProcessors }: ControllerLoad): string {
  return [
    `${waiting} of ${applications} applications wait to be looked at, one for ${formatDuration(longestWaitMs)} already, with ${statusProcessors} looked at in parallel`,
    "give the controller more of a processor and more --status-processors, ask repositories less often (timeout.reconciliation), or split the applications between installations",
  ].join("; ");
}

/** Has a warning in the log, once a minute, as long as applications wait too long for their turn; until it is disposed of. */
export function watchLoad(deps: LoadDeps & Pick<ApplicationDeps, "log">): Disposable {
  const { clock } = deps.adapters;
  const look = (): void => {
    const { advice } = loadOf(deps);
    if (advice !== undefined) deps.log.warn("too much to do", { advice });
    timer = clock.after(betweenLooksMs, look);
  };
  let timer = clock.after(betweenLooksMs, look);
  return { [Symbol.dispose]: () => timer[Symbol.dispose]() };
}
