import type { Application } from "#core/app/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { parseTrackingId } from "#core/tracking/index.ts";
import { applications, trackingOf } from "../workload/acts/index.ts";
import type { AppModel } from "../workload/apps.ts";
import { keptObjects } from "../world/git-content.ts";
import { hubNamespace, hubUrl } from "../world/templates.ts";
import type { Sent } from "../world/network.ts";
import type { World } from "../world/world.ts";
import { checkWaves } from "./check-waves.ts";
import type { ObjectWrite } from "./requests.ts";
import { placeOf } from "./requests.ts";
import type { Sightings } from "./sightings.ts";

type Place = Pick<ObjectWrite, "resource" | "namespace" | "name">;

export interface OwnershipOptions {
  readonly world: () => World;
  readonly models: ReadonlyMap<string, readonly AppModel[]>;
  readonly sightings: Sightings;
  readonly find: (what: string) => void;
}

/** Two controllers may each be at another one. */
const revisionsKept = 2;
/** Whatever the branch has when the sync begins; its end says what that was. */
const newest = "newest";

/** Who applied what, so that nobody touches what is another's, or nobody's. */
export class Ownership {
  readonly #options: OwnershipOptions;
  /** The incarnations of Applications that applied an object, by its place. */
  readonly #applied = new Map<string, Set<string>>();
  /** What was applied so late that its Application was gone, and all that was to be removed with it. */
  readonly #overtaken = new Set<string>();
  /** The revisions last synced, by the Application's uid. */
  readonly #synced = new Map<string, readonly string[]>();

  constructor(options: OwnershipOptions) {
    this.#options = options;
  }

  /** True for an object that an Application, in its present incarnation, has applied. */
  hasApplied(app: string, server: string, place: Place): boolean {
    const at = placeOf(server, place);
    return !this.#overtaken.has(at) && this.#applied.get(at)?.has(this.#incarnation(app)) === true;
  }

  /**
   * True for an object that any Application ever applied, unless the request came when its Application was gone or had been synced to
   * something else: Kubernetes has no precondition that an apply could carry, so that whoever removes or syncs an Application cannot stop
   * what another controller has sent.
   */
  wasApplied(server: string, place: Place): boolean {
    const at = placeOf(server, place);
    return this.#applied.has(at) && !this.#overtaken.has(at);
  }

  /** An Application says which revision is being synced. */
  noteSync({ metadata, status }: Application): void {
    const { operation, syncResult } = status?.operationState ?? {};
    if (operation === undefined) return;
    const revision = operation.sync?.revision ?? syncResult?.revision ?? newest;
    const known = this.#synced.get(metadata.uid ?? "") ?? [];
    if (known.at(-1) === revision) return;
    this.#synced.set(metadata.uid ?? "", [...known, revision].slice(-revisionsKept));
  }

  onApply(server: string, write: ObjectWrite, { isLate }: Sent): void {
    const { models, sightings, find } = this.#options;
    const owner = ownerOf(write.body as KubeObject);
    if (owner === undefined) return;
    const before = this.#read(server, write);
    const other = before === undefined ? undefined : ownerOf(before);
    const place = placeOf(server, write);
    if (other !== undefined && other !== owner && this.#application(other) !== undefined) {
      find(`${owner} applies ${place}, which belongs to ${other}`);
    }
    if (isLate && this.#isOvertaken(owner, write)) this.#overtaken.add(place);
    else this.#overtaken.delete(place);
    const known = this.#applied.get(place) ?? new Set();
    this.#applied.set(place, known.add(this.#incarnation(owner)));
    const early = checkWaves(write, { server, models: models.get(owner) ?? [], sightings });
    if (early !== undefined) find(`${owner} applies ${place} ${early}`);
  }

  onDelete(server: string, write: ObjectWrite): void {
    const { models, find } = this.#options;
    const before = this.#read(server, write);
    if (before === undefined) return;
    const place = placeOf(server, write);
    const owner = ownerOf(before);
    if (owner === undefined) return find(`a controller deletes ${place}, which carries no mark`);
    const appliers = [...(this.#applied.get(place) ?? [])].filter((one) => one.startsWith(`${owner} `));
    if (appliers.length === 0) return find(`${owner} deletes ${place}, which it never applied`);
    const app = this.#application(owner);
    if (app === undefined || app.metadata.deletionTimestamp !== undefined) return;
    const revisions = this.#synced.get(app.metadata.uid ?? "") ?? [];
    if (isDropped(before, models.get(owner) ?? [], revisions)) return;
    find(`${owner} deletes ${place}, which it is to have in ${revisions.join(", ")}`);
  }

  /** True when the Application is gone, or has meanwhile been synced by somebody else to a revision without the object. */
  #isOvertaken(owner: string, { body }: ObjectWrite): boolean {
    const app = this.#application(owner);
    const revision = this.#synced.get(app?.metadata.uid ?? "")?.at(-1);
    if (app === undefined || revision === undefined) return true;
    const models = this.#options.models.get(owner) ?? [];
    return isDropped(body as KubeObject, models, [revision]);
  }

  #read(server: string, { resource, namespace, name }: Place): KubeObject | undefined {
    return this.#options.world().servers.get(server)?.cluster.store.read({ resource, namespace, name })
      ?.object;
  }

  #application(name: string): Application | undefined {
    const found = this.#read(hubUrl, { resource: applications, namespace: hubNamespace, name });
    return found as Application | undefined;
  }

  #incarnation(app: string): string {
    return `${app} ${this.#application(app)?.metadata.uid ?? "gone"}`;
  }
}

function ownerOf(object: KubeObject): string | undefined {
  const mark = trackingOf(object);
  return mark === undefined ? undefined : parseTrackingId(mark)?.app;
}

/**
 * The revision that is synced, one of the Application's other places, or the object's part in a sync is without it. A revision that has
 * nothing at all is somebody's mistake, and takes nothing away: nobody in the simulation sets `allowEmpty`.
 */
function isDropped(object: KubeObject, models: readonly AppModel[], synced: readonly string[]): boolean {
  const { metadata, kind } = object;
  if (metadata.annotations?.["argocd.argoproj.io/hook"] !== undefined) return true;
  if (models.some(({ namespace }) => namespace !== metadata.namespace)) return true;
  return models.some(({ content, path }) => {
    const every = content.branches().flatMap((branch) => content.commitsOf(branch));
    const isKnown = synced.length > 0 && !synced.includes(newest);
    return (isKnown ? synced : every).some((commit) => {
      const directory = content.directoryAt(commit, path);
      const kept = directory === undefined ? undefined : keptObjects(directory);
      return kept !== undefined && kept.size > 0 && !kept.has(`${kind}/${metadata.name}`);
    });
  });
}
