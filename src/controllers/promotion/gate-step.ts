import { isMooringError } from "#core/errors/index.ts";
import type { Gate, GateState, Promotion } from "#core/promotion/index.ts";
import { brokenGlass, hasEnded, isUnderWay, shortCommit, stopsOf } from "#core/promotion/index.ts";
import { evaluateGates } from "./evaluate-gates.ts";
import { promotionsOf } from "./pass.ts";
import { propose } from "./propose-step.ts";
import { releaseGate } from "./release.ts";
import type { Step, Stepped } from "./step.ts";
import { end, retryMs, wait } from "./step.ts";
import { writePromotion } from "./write-promotion.ts";

/** Asks the gates of what is prepared, as long as it still is what would be written. */
export async function gateStep(step: Step): Promise<Stepped> {
  const { promotion, view, pass } = step;
  const { status, spec } = promotion;
  if (view.tip !== status.base && view.tip !== status.commit && !(await hasContent(step))) {
    if (spec.cause === "Git")
      return await end(
        step,
        "Superseded",
        `branch ${view.stage.branch} has moved on to ${shortCommit(view.tip ?? "")}`,
      );
    const message = `branch ${view.stage.branch} has moved from ${shortCommit(status.base ?? "nothing")} to ${shortCommit(view.tip ?? "nothing")}; it is prepared anew, and approvals count as long as the plan is the same`;
    return { promotion: await writePromotion(promotion, { phase: "Pending", message }, pass), againMs: 0 };
  }
  const others = promotionsOf(pass, spec.stage).find(
    (other) => other.name !== promotion.name && isUnderWay(other.status.phase) && !takesPrecedence(step),
  );
  if (others !== undefined)
    return await wait(
      step,
      `waits for ${others.name}, which is ${others.status.phase ?? "Pending"}`,
      undefined,
    );
  try {
    return await askGates({ ...step, promotion: await propose(step) });
  } catch (error) {
    if (!isMooringError(error) || !/^(?:FORGE|GIT|CONFIG)_/u.test(error.code)) throw error;
    return await wait(step, `cannot be proposed yet: ${error.message}`, retryMs);
  }
}

/** What takes back or is in Git already waits for nothing that it undoes. */
function takesPrecedence({ promotion: { spec } }: Step): boolean {
  return spec.kind === "Rollback" || spec.cause === "Git";
}

async function hasContent({ promotion, view, pass }: Step): Promise<boolean> {
  const { commit = "" } = promotion.status;
  if (promotion.spec.cause !== "Git") return false;
  const tree = await pass.deps.contents.treeAt(view.place, { commit, signal: pass.signal });
  return tree === view.content;
}

async function askGates(step: Step): Promise<Stepped> {
  const { promotion, pass } = step;
  const breakGlass = brokenGlass(promotion);
  if (breakGlass !== undefined)
    return await begin(
      { ...step, promotion: await bindGlass(step, breakGlass) },
      bypassed(step),
      `the glass was broken by ${breakGlass.username}: ${breakGlass.reason}`,
    );
  const own = ownGates(step);
  const asked = await evaluateGates(step, gatesFor(step));
  const gates = [...own, ...asked.gates];
  const joined = releaseGate(step);
  const all = joined === undefined ? gates : [...gates, joined];
  const failed = all.find(({ state }) => state === "Failed");
  if (failed !== undefined) {
    const told = await writePromotion(promotion, { gates: all }, pass);
    return await end(
      { ...step, promotion: told },
      "Failed",
      `gate ${failed.name}: ${failed.message ?? "failed"}`,
    );
  }
  const waiting = all.filter(({ state }) => state === "Waiting");
  if (waiting.length === 0) return await begin(step, all, "all gates have passed");
  const message = `waits for ${waiting.map(({ name, message: said = "" }) => (said === "" ? name : `${name}: ${said}`)).join("; ")}${staleGlass(promotion)}`;
  return {
    promotion: await writePromotion(promotion, { gates: all, message }, pass),
    againMs: asked.againMs,
  };
}

/** Glass that was broken before there was a plan is broken for the first one. */
async function bindGlass(
  { promotion, pass }: Step,
  breakGlass: NonNullable<Promotion["status"]["breakGlass"]>,
): Promise<Promotion> {
  const digest = promotion.status.plan?.digest;
  if (breakGlass.digest !== undefined || digest === undefined) return promotion;
  return await writePromotion(promotion, { breakGlass: { ...breakGlass, digest } }, pass);
}

/** What is said of glass that was broken for another plan. */
function staleGlass({ name, status }: Promotion): string {
  if (status.breakGlass === undefined) return "";
  return `; ${status.breakGlass.username} broke the glass for another plan, which is no more: break it again with: mooring promotion break-glass ${name} --reason TEXT`;
}

async function begin(
  { promotion, pass }: Step,
  gates: readonly GateState[],
  message: string,
): Promise<Stepped> {
  return {
    promotion: await writePromotion(promotion, { phase: "Writing", gates, message }, pass),
    againMs: 0,
  };
}

function bypassed(step: Step): readonly GateState[] {
  const { promotion, pass, view } = step;
  const known = promotion.status.gates ?? [];
  return [
    ...ownGates(step),
    ...view.stage.gates.map(
      ({ name, kind }) => known.find((one) => one.name === name) ?? { name, kind, state: "Waiting" as const },
    ),
  ].map((gate) =>
    gate.state === "Passed" ? gate : { ...gate, state: "Bypassed" as const, since: gate.since ?? pass.now },
  );
}

/** A rollback is not asked how long it has been healthy upstream, nor what others say of its commit. */
function gatesFor({ promotion: { spec }, view }: Step): readonly Gate[] {
  if (spec.kind === "Promote") return view.stage.gates;
  return view.stage.gates.filter(
    ({ kind, spec: gate }) =>
      kind !== "soak" &&
      kind !== "commitStatus" &&
      !(kind === "approvals" && gate.approvals?.rollbacks === "waived"),
  );
}

/** What is always asked: that nothing is suspended, frozen or held, and that the revision was good where it comes from. */
function ownGates(step: Step): readonly GateState[] {
  const { promotion, view, pass } = step;
  const { spec } = promotion;
  const since = (name: string) => promotion.status.gates?.find((one) => one.name === name)?.since ?? pass.now;
  const stops = stopsOf({ promotion, pipeline: pass.pipeline, stage: view.status });
  const gates: GateState[] = Object.entries(stops).flatMap(([name, message]) =>
    message === undefined ? [] : [{ name, kind: name, state: "Waiting", message, since: since(name) }],
  );
  if (spec.kind === "Promote" && spec.cause !== "Git") gates.push(healthGate(step, since("health")));
  return gates;
}

function healthGate({ promotion, view, views }: Step, since: string): GateState {
  const { revision } = promotion.spec;
  const missing = view.stage.after.filter(
    (name) => views.get(name)?.status.passed?.some((one) => one.revision === revision) !== true,
  );
  if (missing.length === 0) return { name: "health", kind: "health", state: "Passed", since };
  const message = `${shortCommit(revision)} has not been healthy and verified in ${missing.join(", ")} yet; promote it there first`;
  return { name: "health", kind: "health", state: "Waiting", message, since };
}

/** Of promotions that nothing was written of yet, the newest counts; what is pushed meanwhile is built upon. */
export function overtakenBy({ promotion, view, pass }: Step): string | undefined {
  if (isUnderWay(promotion.status.phase)) return undefined;
  const open = promotionsOf(pass, promotion.spec.stage).filter((one) => !hasEnded(one));
  const at = open.findIndex(({ name }) => name === promotion.name);
  // One that still soaks must not end one that has soaked for longer: with many commits none would ever be promoted.
  const soaks = view.stage.gates.filter(({ kind }) => kind === "soak");
  const hasSoaked = ({ status }: Promotion): boolean =>
    soaks.every(
      ({ name }) => status.gates?.some((one) => one.name === name && one.state === "Passed") === true,
    );
  const overtakes = (other: Promotion): boolean => {
    const { spec } = other;
    if (spec.cause === "Automation")
      return promotion.spec.cause === "Automation" && !view.stage.takesEach && hasSoaked(other);
    return spec.cause !== "Git" || spec.kind === "Rollback";
  };
  return open.slice(at + 1).find(overtakes)?.name;
}
