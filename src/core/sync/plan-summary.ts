import { parseObjectKey } from "#core/object/index.ts";
import { formatPlan } from "./format.ts";
import type { Action, Refusal, SyncPlan } from "./plan.ts";

interface Named {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** One step of a plan; what a verb does not know is left out. */
interface SummedAction extends Named {
  readonly verb: Action["verb"];
  readonly because?: string;
  readonly mode?: string;
  readonly force?: boolean;
  /** The fields that change. */
  readonly fields?: readonly string[];
  readonly hook?: boolean;
  readonly uid?: string | undefined;
  readonly propagation?: string;
  readonly needsConfirmation?: boolean;
  readonly message?: string;
}

interface SummedWave {
  readonly phase: string;
  readonly step: string;
  readonly wave: number;
  readonly actions: readonly SummedAction[];
  readonly waitsFor: readonly (Named & { readonly until: string })[];
}

/** A plan for programs and, in `text`, for people: all that it does, and no manifest, which may hold values of Secrets. */
export interface ToldPlan {
  readonly app: string;
  readonly revision: string;
  readonly digest: string;
  readonly partial: boolean;
  readonly waves: readonly SummedWave[];
  readonly skipped: readonly SummedAction[];
  readonly refusals: readonly Refusal[];
  readonly text: string;
}

export function tellPlan(plan: SyncPlan, digest: string): ToldPlan {
  const { app, revision, partial, waves, skipped, refusals } = plan;
  return {
    app,
    revision,
    digest,
    partial,
    waves: waves.map(({ phase, step, wave, groups, gates }) => ({
      phase,
      step,
      wave,
      actions: groups.flatMap((group) => group.actions.map((action) => summarize(action))),
      waitsFor: gates.map(({ key, until }) => ({ ...parseObjectKey(key), until })),
    })),
    skipped: skipped.map((action) => summarize(action)),
    refusals,
    text: formatPlan(plan),
  };
}

function summarize(action: Action): SummedAction {
  const object = { verb: action.verb, ...parseObjectKey(action.key) };
  switch (action.verb) {
    case "apply": {
      const { because, mode, force, drift, hook } = action;
      return { ...object, because, mode, force, fields: drift, hook: hook !== undefined };
    }
    case "prune": {
      const { uid, propagation, needsConfirmation } = action;
      return { ...object, uid, propagation, ...(needsConfirmation === true ? { needsConfirmation } : {}) };
    }
    case "skip":
      return { ...object, because: action.because, message: action.message };
    default:
      throw new Error(`unhandled action: ${JSON.stringify(action satisfies never)}`);
  }
}
