import type { Application } from "#core/app/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import type { KubeCluster } from "#kube/index.ts";
import type { ObjectRef } from "#ports/cluster.ts";
import type { Random } from "../../random.ts";
import type { SimulatedController } from "../../world/controller.ts";
import { hubNamespace, hubUrl } from "../../world/templates.ts";
import type { World } from "../../world/world.ts";
import type { AppModel } from "../apps.ts";

/** What acts work on: the world, and what people want of it. */
export interface Stage {
  readonly world: World;
  readonly apps: Map<string, AppModel>;
  readonly random: Random;
  /** A number that no object of Git had before. */
  nextVersion(): number;
  /** Kills the controller when it has made so many more writes. */
  killAtWrite(
    controller: SimulatedController,
    after: { readonly writes: number; readonly downMs: number },
  ): void;
  /** True once nothing goes wrong any more, and nobody changes anything. */
  isCalm(): boolean;
  /** Says what was done. */
  note(text: string): void;
}

export type Act = (stage: Stage) => Promise<void> | void;

/** People are patient. */
export const { signal } = new AbortController();
export const userWrite = { fieldManager: "kubectl-edit", signal } as const;

export function pickApp({ apps, random }: Stage): AppModel | undefined {
  return apps.size === 0 ? undefined : random.pick([...apps.values()]);
}

export function hubUser({ world }: Stage): KubeCluster {
  const user = world.users.get(hubUrl);
  if (user === undefined) throw new Error("there is no hub");
  return user;
}

export function pickServer({ world, random }: Stage): { readonly url: string; readonly user: KubeCluster } {
  const [url, user] = random.pick([...world.users]);
  return { url, user };
}

/** Where Applications are kept in the store of the hub. */
export const applications = "argoproj.io/applications";

/** The Application as the hub has it. */
export function readApplication({ world }: Pick<Stage, "world">, name: string): Application | undefined {
  const key = { resource: applications, namespace: hubNamespace, name };
  return world.servers.get(hubUrl)?.cluster.store.read(key)?.object as Application | undefined;
}

export function applicationRef(name: string): ObjectRef {
  return { type: hubTypes.application, namespace: hubNamespace, name };
}
