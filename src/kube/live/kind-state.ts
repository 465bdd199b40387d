import { type KubeObject, objectKey, type ObjectKey } from "#core/object/index.ts";
import type { LiveChange } from "#ports/live-store.ts";
import type { FollowEvent } from "../watch/follow.ts";
import type { Claims } from "./claims.ts";
import type { Copies } from "./copies.ts";
import {
  createObjectIndex,
  type IndexEntry,
  isOlder,
  type ObjectIndex,
  parseVersion,
  type Version,
} from "./object-index.ts";

/** What all kinds of one store share. */
export interface Shared {
  readonly claims: Claims;
  readonly copies: Copies;
  /** The owners by tracking id, interned. */
  readonly ownersOf: (object: KubeObject) => readonly string[];
  readonly emit: (change: LiveChange) => void;
  /** Who watches a whole namespace. */
  readonly watchersOf: (namespace: string) => readonly string[];
}

/** One list and watch of a kind: of all namespaces, or of one. */
interface Scope {
  readonly namespace: string | undefined;
  /** How far the watch has come: everything that happened up to here is known. */
  position: Version | undefined;
  listing: Listing | undefined;
}

interface Listing {
  readonly version: Version;
  /** The cluster went back in time, as when a backup is restored: older versions are the truth now. */
  readonly back: boolean;
  readonly seen: Set<string>;
}

/** The objects of one kind, as lists, watches and our own writes report them in whatever order. */
export class KindState {
  readonly #group: string;
  readonly #kind: string;
  readonly #shared: Shared;
  readonly #index: ObjectIndex = createObjectIndex();
  readonly #scopes: Scope[] = [];

  constructor(kind: { readonly group: string; readonly kind: string }, shared: Shared) {
    this.#group = kind.group;
    this.#kind = kind.kind;
    this.#shared = shared;
  }

  get size(): number {
    return this.#index.size;
  }

  versionOf(namespace: string, name: string): Version | undefined {
    return this.#index.get(namespace, name);
  }

  /** Names in a namespace of what no other object owns. */
  *independentIn(namespace: string): Iterable<string> {
    for (const { name, dependent } of this.#index.entries(namespace)) if (!dependent) yield name;
  }

  /** Returns what takes the events of this scope's watch. */
  startScope(namespace: string | undefined): (event: FollowEvent) => void {
    const scope: Scope = { namespace, position: undefined, listing: undefined };
    this.#scopes.push(scope);
    return (event) => this.#take(event, scope);
  }

  /** An answer to a request of our own. */
  observe(object: KubeObject): void {
    const { namespace = "", name = "", resourceVersion } = object.metadata;
    const scope = this.#scopes.find((one) => one.namespace === undefined || one.namespace === namespace);
    if (scope === undefined) return;
    const version = parseVersion(resourceVersion);
    const known = this.#index.get(namespace, name);
    // The watch is past this version and knows no such object: it was deleted since.
    const passed =
      typeof version === "number" && scope.position !== undefined && !isOlder(scope.position, version);
    if (known === undefined && passed) return;
    if (known === version) this.#adopt(object);
    else this.#applied(object, false);
  }

  /** Nobody claims the key any more: without a tracking id only its index entry stays. */
  unclaimed(key: ObjectKey): void {
    const { copies } = this.#shared;
    if (copies.identityOf(key)?.owners.length === 0) copies.delete(key);
  }

  /** The kind is no longer served, so its objects are gone. */
  clear(): void {
    for (const { namespace, name } of this.#index.entries(undefined)) this.#drop(namespace, name);
  }

  /** The kind is no longer watched: nothing is known of its objects. */
  forget(): void {
    for (const { namespace, name } of this.#index.entries(undefined)) {
      this.#shared.copies.delete(this.#keyOf(namespace, name));
    }
  }

  #take(event: FollowEvent, scope: Scope): void {
    switch (event.type) {
      case "page":
        return this.#takePage(event, scope);
      case "listed":
        return this.#endListing(scope);
      case "changes":
        for (const { deleted, object } of event.changes) {
          if (deleted) this.#deleted(object);
          else this.#applied(object, false);
          scope.position = parseVersion(object.metadata.resourceVersion);
        }
        return;
      case "connected":
      case "disconnected":
        return;
      default:
        throw new Error(`unknown event: ${(event satisfies never as FollowEvent).type}`);
    }
  }

  #takePage(page: FollowEvent & { readonly type: "page" }, scope: Scope): void {
    if (page.first || scope.listing === undefined) {
      const version = parseVersion(page.resourceVersion);
      const back = scope.position !== undefined && isOlder(version, scope.position);
      scope.listing = { version, back, seen: new Set() };
    }
    const { seen, back } = scope.listing;
    for (const object of page.objects) {
      seen.add(`${object.metadata.namespace ?? ""}/${object.metadata.name ?? ""}`);
      this.#applied(object, back);
    }
  }

  #endListing(scope: Scope): void {
    const { listing } = scope;
    if (listing === undefined) return;
    // What our own write put here after the list was taken is newer than the list.
    const isGone = ({ namespace, name, version }: IndexEntry): boolean =>
      !listing.seen.has(`${namespace}/${name}`) && (listing.back || !isOlder(listing.version, version));
    for (const { namespace, name } of [...this.#index.entries(scope.namespace)].filter(isGone)) {
      this.#drop(namespace, name);
    }
    scope.listing = undefined;
    scope.position = listing.version;
  }

  #applied(object: KubeObject, back: boolean): void {
    const { namespace = "", name = "", resourceVersion } = object.metadata;
    const version = parseVersion(resourceVersion);
    const known = this.#index.get(namespace, name);
    if (known === version && version !== "") return;
    if (known !== undefined && !back && isOlder(version, known)) return;
    this.#keep(object, version);
  }

  #keep(object: KubeObject, version: Version): void {
    const { claims, copies, ownersOf, emit, watchersOf } = this.#shared;
    const { namespace = "", name = "", ownerReferences = [] } = object.metadata;
    const dependent = ownerReferences.length > 0;
    const wasDependent = this.#index.isDependent(namespace, name);
    this.#index.set({ namespace, name, version, dependent });
    const key = this.#keyOf(namespace, name);
    const before = copies.identityOf(key)?.owners ?? [];
    const owners = ownersOf(object);
    const claimants = claims.claimantsOf(key);
    if (owners.length > 0 || claimants.length > 0) copies.set(key, object, owners);
    else copies.delete(key);
    const isNews = wasDependent !== dependent || (before.length === 0) !== (owners.length === 0);
    const watchers = isNews && (!dependent || wasDependent === false) ? watchersOf(namespace) : [];
    const told = new Set([...claimants, ...before, ...owners, ...watchers]);
    if (told.size > 0) emit({ key, deleted: false, owners: [...told] });
  }

  /** Keeps a copy of a version known already, when it was read again because someone claims it now. */
  #adopt(object: KubeObject): void {
    const { claims, copies, ownersOf } = this.#shared;
    const { namespace = "", name = "" } = object.metadata;
    const key = this.#keyOf(namespace, name);
    if (!copies.has(key) && claims.isClaimed(key)) copies.set(key, object, ownersOf(object));
  }

  #deleted(object: KubeObject): void {
    const { namespace = "", name = "", uid, resourceVersion } = object.metadata;
    const known = this.#index.get(namespace, name);
    if (known === undefined || isOlder(parseVersion(resourceVersion), known)) return;
    const copy = this.#shared.copies.identityOf(this.#keyOf(namespace, name));
    // A successor of the same name, seen through our own write, outlives this.
    if (copy !== undefined && copy.uid !== uid) return;
    this.#drop(namespace, name);
  }

  #drop(namespace: string, name: string): void {
    const { claims, copies, emit, watchersOf } = this.#shared;
    const watchers = this.#index.isDependent(namespace, name) === false ? watchersOf(namespace) : [];
    this.#index.delete(namespace, name);
    const key = this.#keyOf(namespace, name);
    const owners = copies.identityOf(key)?.owners ?? [];
    const told = new Set([...claims.claimantsOf(key), ...owners, ...watchers]);
    copies.delete(key);
    if (told.size > 0) emit({ key, deleted: true, owners: [...told] });
  }

  #keyOf(namespace: string, name: string): ObjectKey {
    return objectKey({ group: this.#group, kind: this.#kind, namespace, name });
  }
}
