import { viewString } from "#core/object/index.ts";
import type { GateState, Promotion } from "#core/promotion/index.ts";
import {
  hasEnded,
  isLost,
  isUnderWay,
  parsePromotion,
  releaseSizeAnnotation,
} from "#core/promotion/index.ts";
import { annotationsOf } from "#core/object/index.ts";
import type { Pass } from "./pass.ts";
import type { Step } from "./step.ts";

/** The other promotions of a release, in whatever pipelines of the namespace. */
function releaseMates(promotion: Promotion, { deps }: Pass): readonly Promotion[] {
  const { release } = promotion.spec;
  if (release === undefined) return [];
  return [...deps.hub.promotions.values()]
    .filter(
      (object) =>
        object.metadata.namespace === promotion.namespace &&
        object.metadata.name !== promotion.name &&
        viewString(object, "spec", "release") === release,
    )
    .map((object) => parsePromotion(object));
}

/** Why a release cannot be whole any more, so that none of it is to stay; undefined while it can. */
export function brokenRelease(promotion: Promotion, pass: Pass): string | undefined {
  // Who breaks the glass knows what was not written with it.
  const isOpened = promotion.status.breakGlass !== undefined;
  const mate = releaseMates(promotion, pass).find(
    (one) => isLost(one) && (!isOpened || one.status.writtenAt !== undefined),
  );
  if (mate === undefined) return undefined;
  const { phase = "", message = "" } = mate.status;
  return `release ${promotion.spec.release ?? ""}: ${mate.name} is ${phase}: ${message}`;
}

function sizeOf({ namespace, name }: Promotion, { deps }: Pass): number {
  const object = deps.hub.promotions.get(`${namespace}/${name}`);
  return Number(object === undefined ? 0 : (annotationsOf(object)[releaseSizeAnnotation] ?? 0));
}

/** Together or not at all: that all promotions of the release are there and have passed their gates. Undefined for one of no release. */
export function releaseGate({ promotion, pass }: Step): GateState | undefined {
  const { release } = promotion.spec;
  if (release === undefined) return undefined;
  const since = promotion.status.gates?.find(({ name }) => name === "release")?.since ?? pass.now;
  const gate = { name: "release", kind: "release", since };
  const mates = releaseMates(promotion, pass);
  const lost = mates.find((mate) => hasEnded(mate) && mate.status.phase !== "Succeeded");
  if (lost !== undefined)
    return {
      ...gate,
      state: "Failed",
      message: `${lost.name} of release ${release} is ${lost.status.phase ?? ""}: ${lost.status.message ?? ""}`,
    };
  const missing = sizeOf(promotion, pass) - mates.length - 1;
  if (missing > 0)
    return {
      ...gate,
      state: "Waiting",
      message: `${missing} promotions of release ${release} are not there yet`,
    };
  const others = mates.filter((mate) => !isReadyMate(mate)).map(({ name }) => name);
  if (others.length > 0)
    return { ...gate, state: "Waiting", message: `release ${release} waits for ${others.join(", ")}` };
  return { ...gate, state: "Passed" };
}

/** Whether nothing but the release holds a promotion up. */
function isReadyMate({ status }: Promotion): boolean {
  if (isUnderWay(status.phase) || status.phase === "Succeeded") return true;
  if (status.phase !== "Waiting" || status.gates === undefined) return false;
  return status.gates.every(
    ({ name, state }) => name === "release" || state === "Passed" || state === "Bypassed",
  );
}
