import type { AppContext } from "#engine/app-context.ts";
import type { Desired } from "#engine/desired.ts";
import type { ApplicationDeps } from "./deps.ts";
import { refreshDesired } from "./refresh-desired.ts";
import { createAppState } from "./state.ts";

/** An answer of a repository that is younger is not asked for again. */
const maxAgeMs = 60_000;

/** What Git wants, rendered at most once for the controller and all who look. */
export async function desiredOf(
  context: AppContext,
  deps: ApplicationDeps,
  signal: AbortSignal,
): Promise<Desired> {
  const known = deps.states.get(context.key);
  const state = createAppState(context.app.metadata.uid ?? "");
  state.desired = known?.desired;
  state.repositoryFailure = known?.repositoryFailure;
  const request = { maxAgeMs, signal };
  const { desired } = await refreshDesired(context, state, { adapters: deps.adapters, request });
  return desired;
}
