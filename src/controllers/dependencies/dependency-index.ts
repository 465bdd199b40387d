import type { AppKey } from "#core/app/index.ts";
import { appKeyOf } from "#core/app/index.ts";
import type { Dependencies, Edges } from "#core/dependencies/index.ts";
import { findCycles, isSameState, parseDependencies } from "#core/dependencies/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { jsonEqual, viewString } from "#core/object/index.ts";
import type { Clock } from "#runtime/clock.ts";

export interface DependencyIndexOptions {
  readonly find: (key: AppKey) => KubeObject | undefined;
  /** Whether one Application may depend on another, and so learn how it is. */
  readonly mayDepend: (dependent: KubeObject, dependency: KubeObject) => boolean;
  /** Has an Application looked at: what it waits for may have come. */
  readonly wake: (key: AppKey) => void;
  readonly clock: Clock;
}

const nobody: ReadonlySet<AppKey> = new Set();
const none: Dependencies = { keys: [], problem: undefined };
/** Many Applications that appear at once are one search for cycles. */
const gatherMs = 50;

/**
 * Who depends on whom, kept by the events of the hub's Applications: a change of one wakes those that wait for it, and nobody asks again and
 * again. A change costs what it touches; cycles are looked for in one pass over all edges, after a change that can close or open one.
 */
export class DependencyIndex {
  readonly #options: DependencyIndexOptions;
  readonly #named = new Map<AppKey, Dependencies>();
  readonly #dependents = new Map<AppKey, Set<AppKey>>();
  readonly #waiting = new Set<AppKey>();
  /** By project, as its annotation says it. */
  readonly #admitted = new Map<string, string>();
  #cycles: ReadonlyMap<AppKey, readonly AppKey[]> = new Map();
  #stale = false;
  #scheduled = false;

  constructor(options: DependencyIndexOptions) {
    this.#options = options;
  }

  /** What an Application says that it depends on. */
  namedBy(key: AppKey): Dependencies {
    return this.#named.get(key) ?? none;
  }

  /** The Applications that name this one, whether they may or not. */
  dependentsOf(key: AppKey): ReadonlySet<AppKey> {
    return this.#dependents.get(key) ?? nobody;
  }

  /** A way round by which the Application depends on itself; undefined when there is none. */
  cycleOf(key: AppKey): readonly AppKey[] | undefined {
    this.#refresh();
    return this.#cycles.get(key);
  }

  /** Says whether an Application waits for one that it depends on, or for its dependencies to make sense. */
  setWaiting(key: AppKey, waits: boolean): void {
    if (waits) this.#waiting.add(key);
    else this.#waiting.delete(key);
  }

  /** True while one that depends on it waits. */
  isAwaited(key: AppKey): boolean {
    for (const one of this.dependentsOf(key)) if (this.#waiting.has(one)) return true;
    return false;
  }

  /** Takes in what an Application has become; told of every change of one, before it is looked at. */
  notice(before: KubeObject | undefined, after: KubeObject | undefined): void {
    const object = after ?? before;
    if (object === undefined) return;
    const key = appKeyOf(object);
    this.#wakeDeleting(key, before, after);
    this.#setEdges(key, before, after);
    if (after === undefined) this.#waiting.delete(key);
    if (!this.#dependents.has(key) && !this.#named.has(key)) return;
    if (isMoved(before, after)) {
      this.#markStale(key);
      for (const one of this.dependentsOf(key)) this.#options.wake(one);
    } else if (!isSameState(before, after)) this.#wakeWaiting(key);
  }

  /** Takes in whom a project lets depend on its Applications; nothing where it is not there. */
  noticeProject(name: string, admitted: string): void {
    const before = this.#admitted.get(name) ?? "";
    this.#admitted.set(name, admitted);
    if (before === admitted || this.#named.size === 0) return;
    this.#schedule();
    for (const key of this.#named.keys()) this.#options.wake(key);
  }

  #setEdges(key: AppKey, before: KubeObject | undefined, after: KubeObject | undefined): void {
    const now = after === undefined ? none : parseDependencies(after);
    const known = this.namedBy(key);
    if (before !== undefined && after !== undefined && jsonEqual(now.keys, known.keys)) {
      if (now.problem !== known.problem) this.#name(key, now);
      return;
    }
    for (const to of known.keys) {
      const dependents = this.#dependents.get(to);
      dependents?.delete(key);
      if (dependents?.size === 0) this.#dependents.delete(to);
    }
    this.#name(key, now);
    for (const to of now.keys) this.#dependents.set(to, (this.#dependents.get(to) ?? new Set()).add(key));
    this.#markStale(key, known.keys.length > 0 || now.keys.length > 0);
  }

  #name(key: AppKey, named: Dependencies): void {
    if (named.keys.length === 0 && named.problem === undefined) this.#named.delete(key);
    else this.#named.set(key, named);
  }

  /** Only who depends on somebody and has dependents can be part of a cycle. */
  #markStale(key: AppKey, hasEdges = this.namedBy(key).keys.length > 0): void {
    if (hasEdges && this.#dependents.has(key)) this.#schedule();
    else if (this.#cycles.has(key)) this.#schedule();
  }

  #schedule(): void {
    this.#stale = true;
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#options.clock.after(gatherMs, () => {
      this.#scheduled = false;
      this.#refresh();
    });
  }

  #refresh(): void {
    if (!this.#stale) return;
    this.#stale = false;
    const before = this.#cycles;
    this.#cycles = findCycles(this.#permittedEdges());
    for (const key of new Set([...before.keys(), ...this.#cycles.keys()]))
      if (!jsonEqual(before.get(key) ?? [], this.#cycles.get(key) ?? [])) this.#options.wake(key);
  }

  /** What may not be depended on binds nobody: otherwise one application could stop another by naming it. */
  #permittedEdges(): Edges {
    const { find, mayDepend } = this.#options;
    const edges = new Map<AppKey, readonly AppKey[]>();
    for (const [key, { keys }] of this.#named) {
      const from = find(key);
      if (from === undefined || !this.#dependents.has(key)) continue;
      const permitted = keys.filter((one) => {
        const to = find(one);
        return to !== undefined && mayDepend(from, to);
      });
      if (permitted.length > 0) edges.set(key, permitted);
    }
    return edges;
  }

  #wakeWaiting(key: AppKey): void {
    for (const one of this.dependentsOf(key)) if (this.#waiting.has(one)) this.#options.wake(one);
  }

  /** What is being deleted waits for those that depend on it and go, too. */
  #wakeDeleting(key: AppKey, before: KubeObject | undefined, after: KubeObject | undefined): void {
    const { deletionTimestamp, finalizers = [] } = after?.metadata ?? {};
    const isGoing = after === undefined || deletionTimestamp !== undefined;
    if (!isGoing || (after !== undefined && jsonEqual(finalizers, before?.metadata.finalizers ?? []))) return;
    for (const one of this.namedBy(key).keys) {
      const found = this.#options.find(one);
      if (found?.metadata.deletionTimestamp !== undefined) this.#options.wake(one);
    }
  }
}

/** It appeared, went, or is of another project now: who may depend on it has changed. */
function isMoved(before: KubeObject | undefined, after: KubeObject | undefined): boolean {
  if (before === undefined || after === undefined) return true;
  return viewString(before, "spec", "project") !== viewString(after, "spec", "project");
}
