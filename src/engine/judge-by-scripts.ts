import type { Health } from "#core/health/index.ts";
import type { KubeObject, ObjectKey } from "#core/object/index.ts";
import { parseObjectKey } from "#core/object/index.ts";
import type { HealthScript } from "#core/settings/index.ts";
import { mapLimit } from "#runtime/limit.ts";
import type { ComparedObject } from "./compare.ts";
import type { HealthJudge } from "./scripted-health.ts";

export interface JudgeRequest {
  readonly health: HealthJudge;
  /** What stays the same object as long as neither side of the comparison has changed. */
  readonly verdicts: ReadonlyMap<ObjectKey, object>;
  readonly readLive: (object: ComparedObject) => Promise<KubeObject | undefined>;
  readonly signal: AbortSignal;
}

interface Said {
  readonly script: HealthScript;
  readonly health: Health | undefined;
}

/** What a script said stands as long as the verdict on the object: then not even the object needs to be read again. */
const said = new WeakMap<object, Said>();
const readConcurrency = 8;

/** Replaces the health of compared objects by what users' scripts say of them; an object without a script costs a look into a map. */
export async function judgeByScripts(
  compared: readonly ComparedObject[],
  request: JudgeRequest,
): Promise<readonly ComparedObject[]> {
  const asked = compared.flatMap((object) => {
    const script =
      object.liveVersion === undefined ? undefined : request.health.scriptOf(parseObjectKey(object.key));
    return script === undefined ? [] : [{ object, script }];
  });
  if (asked.length === 0) return compared;
  const healths = new Map<ObjectKey, Health | undefined>();
  const unsaid = asked.filter(({ object, script }) => {
    const known = said.get(request.verdicts.get(object.key) ?? object);
    if (known?.script !== script) return true;
    healths.set(object.key, known.health);
    return false;
  });
  await askScripts(unsaid, { ...request, healths });
  return compared.map((object) =>
    healths.has(object.key) ? { ...object, health: healths.get(object.key) } : object,
  );
}

interface Asked {
  readonly object: ComparedObject;
  readonly script: HealthScript;
}

async function askScripts(
  asked: readonly Asked[],
  {
    health,
    verdicts,
    readLive,
    signal,
    healths,
  }: JudgeRequest & { readonly healths: Map<ObjectKey, Health | undefined> },
): Promise<void> {
  const lives = await mapLimit(asked, readConcurrency, ({ object }) => readLive(object));
  await health.learn(
    lives.filter((live) => live !== undefined),
    signal,
  );
  for (const [index, { object, script }] of asked.entries()) {
    const live = lives[index];
    if (live === undefined) continue;
    const found = health.assess(live);
    healths.set(object.key, found);
    const verdict = verdicts.get(object.key);
    const isCurrent = live.metadata.resourceVersion === object.liveVersion && health.isSettled(live);
    if (verdict !== undefined && isCurrent) said.set(verdict, { script, health: found });
  }
}
