import type { KubeObject } from "#core/object/index.ts";
import type { AppModel } from "../workload/apps.ts";
import type { GitObject } from "../workload/objects.ts";
import { liveNameOf, resourceOf, versionOf } from "../workload/objects.ts";
import { keptObjects } from "../world/git-content.ts";
import type { ObjectWrite } from "./requests.ts";
import { placeOf } from "./requests.ts";
import type { Sightings } from "./sightings.ts";

export interface WaveCheck {
  readonly server: string;
  /** The Application as it was wanted, then and now. */
  readonly models: readonly AppModel[];
  readonly sightings: Sightings;
}

/**
 * An object of a wave is applied when those of earlier waves have been there, settled, as some commit has them that has this object
 * as it is applied. Says what was not; undefined when all is well.
 */
export function checkWaves(write: ObjectWrite, check: WaveCheck): string | undefined {
  const version = versionOf(write.body as unknown as KubeObject);
  const wave = Number(
    (write.body as unknown as KubeObject).metadata.annotations?.["argocd.argoproj.io/sync-wave"] ?? 0,
  );
  const isHook = (write.body as unknown as KubeObject).metadata.annotations?.["argocd.argoproj.io/hook"];
  if (version === undefined || isHook !== undefined) return undefined;
  const answers = check.models.flatMap((model) =>
    commitsWith(model, write, version).map((kept) => {
      const early = kept.filter((object) => object.wave < wave);
      const missing = early.find((object) => !wasSettled(object, model, check));
      return missing === undefined
        ? ""
        : `before ${missing.kind}/${liveNameOf(missing)} of wave ${missing.wave}`;
    }),
  );
  if (answers.length === 0) return "as no commit has it";
  return answers.includes("") ? undefined : answers.at(-1);
}

function commitsWith(
  { content, path }: AppModel,
  { resource, name }: ObjectWrite,
  version: number,
): readonly (readonly GitObject[])[] {
  const commits = new Set(content.branches().flatMap((branch) => content.commitsOf(branch)));
  return [...commits].flatMap((commit) => {
    const kept = keptObjects(content.directoryAt(commit, path) ?? new Map());
    const objects = [...(kept?.values() ?? [])];
    const has = objects.some(
      (object) =>
        resourceOf(object.kind) === resource && liveNameOf(object) === name && object.version === version,
    );
    return has ? [objects] : [];
  });
}

function wasSettled(object: GitObject, { namespace }: AppModel, { server, sightings }: WaveCheck): boolean {
  const place = placeOf(server, { resource: resourceOf(object.kind), namespace, name: liveNameOf(object) });
  return sightings.wasSettled(place, object.version);
}
