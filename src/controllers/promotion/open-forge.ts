import type { Stage } from "#core/promotion/index.ts";
import { forgePlaceOf } from "#engine/promotion/forge-place.ts";
import type { Forge } from "#ports/forge.ts";
import type { Pass } from "./pass.ts";
import { readSecretValue } from "./signing-key.ts";

export interface OpenForge {
  readonly forge: Forge;
  readonly repository: string;
}

/** The forge of a stage's repository; undefined where the Pipeline names none. Throws CONFIG_ errors for a token that is not there. */
export async function openForge(stage: Pick<Stage, "repoUrl">, pass: Pass): Promise<OpenForge | undefined> {
  const { pipeline, deps } = pass;
  const place = forgePlaceOf(pipeline, stage.repoUrl, deps.hub.namespace);
  if (place === undefined || pipeline.forge === undefined) return undefined;
  const { kind, apiUrl, repository } = place;
  const { tokenSecretRef } = pipeline.forge;
  const token = await readSecretValue(tokenSecretRef, pass);
  const tokenName = `Secret ${pipeline.namespace}/${tokenSecretRef.name}`;
  return { forge: deps.connectForge({ kind, apiUrl, token, tokenName }), repository };
}
