import type { Application } from "#core/app/index.ts";
import { parseApproval } from "#core/approval/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { parseObjectKey } from "#core/object/index.ts";
import type { PlanEntry, PlanRecord } from "#core/sync/index.ts";
import { annotationKey, parseTrackingId } from "#core/tracking/index.ts";
import { planDigest } from "#engine/plan-hash.ts";
import { applications, trackingOf } from "../workload/acts/index.ts";
import type { AppModel } from "../workload/apps.ts";
import type { Kind } from "../workload/objects.ts";
import { kindNames, liveNameOf, resourceOf, versionOf } from "../workload/objects.ts";
import { hubNamespace, hubUrl } from "../world/templates.ts";
import type { World } from "../world/world.ts";
import type { ObjectWrite } from "./requests.ts";

export interface ApprovalCheckOptions {
  readonly world: () => World;
  readonly models: ReadonlyMap<string, readonly AppModel[]>;
  readonly find: (what: string) => void;
}

const applying: readonly ObjectWrite["verb"][] = ["apply", "create", "replace"];

/** Nothing is done to the objects of an Application that requires approval but what was in a plan that somebody approved. */
export class ApprovalCheck {
  readonly #options: ApprovalCheckOptions;
  /** Plans that were approved, by the Application's uid and their digest. */
  readonly #approved = new Map<string, Map<string, PlanRecord>>();
  /** When operations that used an approval began, by the approval. */
  readonly #uses = new Map<string, string>();

  constructor(options: ApprovalCheckOptions) {
    this.#options = options;
  }

  look({ metadata }: Application): void {
    const approval = parseApproval(metadata.annotations?.[annotationKey.approvedPlan], planDigest);
    if (approval === undefined) return;
    const { uid = "", name } = metadata;
    const { digest, at, usedAt, plan } = approval;
    if (plan !== undefined) {
      const known = this.#approved.get(uid) ?? new Map<string, PlanRecord>();
      this.#approved.set(uid, known.set(digest, plan));
    }
    if (usedAt === undefined) return;
    const use = `${uid} ${digest} ${at}`;
    const before = this.#uses.get(use) ?? usedAt;
    this.#uses.set(use, usedAt);
    if (before !== usedAt)
      this.#options.find(`the approval of ${name} at ${at} serves syncs of ${before} and ${usedAt}`);
  }

  onWrite(server: string, write: ObjectWrite): void {
    if (write.verb === "patch" || write.subresource !== "") return;
    const object = write.verb === "delete" ? this.#read(server, write) : (write.body as KubeObject);
    const owner = object === undefined ? undefined : parseTrackingId(trackingOf(object) ?? "")?.app;
    const app = owner === undefined ? undefined : this.#application(owner);
    // What is removed with its Application is in no plan.
    if (object === undefined || app === undefined || app.metadata.deletionTimestamp !== undefined) return;
    const requirement = app.metadata.annotations?.[annotationKey.requireApproval];
    if (requirement === undefined) return;
    const plans = [...(this.#approved.get(app.metadata.uid ?? "")?.values() ?? [])];
    const isApproved =
      requirement === "true"
        ? plans.some((plan) => this.#covers(plan, app, { write, object }))
        : this.#coversTogether(plans, app, { write, object });
    if (isApproved) return;
    const at = `${write.resource} ${write.namespace}/${write.name} of ${server}`;
    this.#options.find(`${write.verb} ${at} is in no approved plan of ${app.metadata.name}`);
  }

  #covers(plan: PlanRecord, app: Application, { write, object }: Written): boolean {
    const entry = plan.entries.find((one) => isOf(one, write));
    if (entry === undefined) return false;
    if (!applying.includes(write.verb)) return entry.verb === "prune" || entry.verb === "hook";
    return entry.verb !== "prune" && this.#hasVersion(plan.scope.revision, app, object);
  }

  /** A self-heal brings back what any approved plan had put there. */
  #coversTogether(plans: readonly PlanRecord[], app: Application, { write, object }: Written): boolean {
    if (!applying.includes(write.verb))
      return plans.some((plan) => this.#covers(plan, app, { write, object }));
    const wasPut = plans.some(({ entries }) => entries.some((entry) => isOf(entry, write)));
    return wasPut && plans.some(({ scope }) => this.#hasVersion(scope.revision, app, object));
  }

  /** The revision has the object just as it is applied. */
  #hasVersion(revision: string, { metadata }: Application, object: KubeObject): boolean {
    return (this.#options.models.get(metadata.name) ?? []).some(({ content, path }) =>
      [...(content.directoryAt(revision, path)?.values() ?? [])].some(
        (one) =>
          one !== "broken" &&
          one.kind === object.kind &&
          liveNameOf(one) === object.metadata.name &&
          one.version === versionOf(object),
      ),
    );
  }

  #read(server: string, { resource, namespace, name }: ObjectWrite): KubeObject | undefined {
    return this.#options.world().servers.get(server)?.cluster.store.read({ resource, namespace, name })
      ?.object;
  }

  #application(name: string): Application | undefined {
    const key = { resource: applications, namespace: hubNamespace, name };
    const found = this.#options.world().servers.get(hubUrl)?.cluster.store.read(key)?.object;
    return found as Application | undefined;
  }
}

interface Written {
  readonly write: ObjectWrite;
  readonly object: KubeObject;
}

function isOf({ key }: PlanEntry, { resource, namespace, name }: ObjectWrite): boolean {
  const parts = parseObjectKey(key);
  const kind = kindNames.find((one): one is Kind => one === parts.kind);
  return (
    kind !== undefined &&
    resourceOf(kind) === resource &&
    parts.namespace === namespace &&
    parts.name === name
  );
}
