import type { KubeObject } from "#core/object/index.ts";
import type { Invocation } from "../command.ts";
import { openClusterHub } from "../hub.ts";
import type { CliPorts } from "../ports.ts";

export interface ObjectName {
  readonly namespace: string;
  readonly name: string;
}

export interface StageTarget extends ObjectName {
  readonly stage: string;
}

export interface PromotionFilter {
  /** Undefined for all that are looked at. */
  readonly namespace: string | undefined;
  readonly pipeline?: string | undefined;
  readonly stage?: string | undefined;
  readonly phases?: readonly string[] | undefined;
}

export interface PipelineEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly pipeline: KubeObject;
}

/** Pipelines and promotions, as a server gives them or as they are on the cluster. */
export interface Pipelines extends AsyncDisposable {
  /** The control plane's. */
  readonly namespace: string;
  /** For messages: `on server argocd.example.com`. */
  readonly place: string;
  list(namespace: string | undefined): Promise<readonly KubeObject[]>;
  /** Throws APP_NOT_FOUND or API_NOT_FOUND. */
  get(name: ObjectName): Promise<KubeObject>;
  /** With `upsert` one that exists is changed. */
  create(pipeline: KubeObject, options: { readonly upsert: boolean }): Promise<KubeObject>;
  remove(name: ObjectName): Promise<void>;
  watch(name: string | undefined, namespace: string | undefined): AsyncIterable<PipelineEvent>;
  refresh(name: ObjectName): Promise<KubeObject>;
  hold(target: StageTarget, reason: string): Promise<KubeObject>;
  resume(target: StageTarget): Promise<KubeObject>;
  promote(
    target: StageTarget,
    asked: { readonly revision: string; readonly reason: string; readonly release: string },
  ): Promise<KubeObject>;
  rollback(target: StageTarget, asked: { readonly to: string; readonly reason: string }): Promise<KubeObject>;
  release(
    targets: readonly StageTarget[],
    asked: { readonly name: string; readonly reason: string },
  ): Promise<readonly KubeObject[]>;
  /** Newest first. */
  listPromotions(filter: PromotionFilter): Promise<readonly KubeObject[]>;
  getPromotion(name: ObjectName): Promise<KubeObject>;
  approve(
    name: ObjectName,
    asked: { readonly digest: string; readonly comment: string },
  ): Promise<KubeObject>;
  reject(name: ObjectName, reason: string): Promise<KubeObject>;
  breakGlass(name: ObjectName, reason: string): Promise<KubeObject>;
}

/** Those of the server that one is logged in to or has named, or else of the control plane's cluster. The caller disposes it. */
export async function openPipelines(invocation: Invocation, ports: CliPorts): Promise<Pipelines> {
  const { chooseServer } = await import("../server/choose-server.ts");
  const choice = await chooseServer(invocation, ports);
  if (choice === undefined) {
    const { pipelinesOnCluster } = await import("./on-cluster.ts");
    return pipelinesOnCluster(await openClusterHub(invocation, ports), ports);
  }
  const { openServerHub } = await import("../server/open-server.ts");
  const { pipelinesOverServer } = await import("./over-server.ts");
  return pipelinesOverServer(await openServerHub(choice, ports), ports);
}
