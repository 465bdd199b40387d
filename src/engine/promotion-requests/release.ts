import { MooringError } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import type { Person, Pipeline } from "#core/promotion/index.ts";
import { parseReleaseName } from "#core/promotion/index.ts";
import type { RequestPlace } from "./read.ts";
import { promote } from "./create.ts";

interface ReleaseTarget {
  readonly pipeline: Pipeline;
  readonly stage: string;
  /** Empty for the candidate. */
  readonly revision: string;
}

export interface ReleaseRequest {
  readonly name: string;
  readonly targets: readonly ReleaseTarget[];
  readonly reason: string;
  readonly person: Person;
  readonly at: string;
}

const maxTargets = 50;

/** Asks for several promotions that are written together. All of them are tried before the first is created. */
export async function release(
  place: RequestPlace,
  { name, targets, reason, person, at }: ReleaseRequest,
): Promise<readonly KubeObject[]> {
  parseReleaseName(name);
  if (targets.length === 0 || targets.length > maxTargets) {
    throw new MooringError(
      "API_INVALID_ARGUMENT",
      `targets: there are ${targets.length}; name 1 to ${maxTargets} stages`,
    );
  }
  const places = targets.map(({ pipeline, stage }) => `${pipeline.namespace}/${pipeline.name}/${stage}`);
  const twice = places.find((one, i) => places.indexOf(one) !== i);
  if (twice !== undefined)
    throw new MooringError("API_INVALID_ARGUMENT", `targets: ${twice} is there twice; name it once`);
  const request = { reason, person, at, release: { name, size: targets.length } };
  const ask = (dryRun: boolean) => async (target: ReleaseTarget) =>
    await promote(place, target.pipeline, {
      ...request,
      stage: target.stage,
      revision: target.revision,
      dryRun,
    });
  await Promise.all(targets.map(ask(true)));
  return await Promise.all(targets.map(ask(false)));
}
