import fc from "fast-check";
import { expect, it } from "vitest";
import type { KubeObject } from "#core/object/index.ts";
import { RevisionCompacted, type Store, type StoreListOptions, type StoreReader } from "../store.ts";
import type { OpenStore } from "./fixture.ts";
import { maxEvents, type ModelReader, pathOf, type Place, StoreModel } from "./model.ts";

function orCompacted(look: () => string): string {
  try {
    return look();
  } catch (error) {
    if (error instanceof RevisionCompacted) return "compacted";
    throw error;
  }
}

const shownList = (store: Store, options: StoreListOptions): string =>
  store
    .list(options)
    .map(({ key, revision }) => `${pathOf(key)} ${revision}`)
    .join();

function shownNext(reader: StoreReader): string {
  const event = reader.next();
  return event === undefined
    ? "nothing"
    : `${event.type} ${pathOf(event.stored.key)} ${event.stored.revision}`;
}

const resource = fc.constantFrom("/pods", "apps/deployments");
const namespace = fc.constantFrom("a", "a-b", "b");
const name = fc.constantFrom("x", "y", "z");
const range = { resource, namespace: fc.option(namespace, { nil: undefined }) };
/** How far back from now. */
const age = fc.integer({ min: -2, max: 12 });

const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant("write" as const), resource, namespace, name }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("remove" as const), resource, namespace, name }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("list" as const),
      ...range,
      after: fc.option(fc.record({ namespace, name }), { nil: undefined }),
      age: fc.option(age, { nil: undefined }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("open" as const), ...range, age }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant("next" as const), reader: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("close" as const), reader: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("compact" as const), age }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const object: KubeObject = { apiVersion: "v1", kind: "Any", metadata: {} };

class Run {
  readonly store: Store;
  readonly model: StoreModel;
  readonly readers: ModelReader[] = [];

  constructor(store: Store) {
    this.store = store;
    this.model = new StoreModel(store.revision);
  }

  /** What the store and the model say of a step; equal when all is well. */
  take(step: Step): readonly [string, string] {
    switch (step.do) {
      case "write":
        return this.#write(step);
      case "remove":
        return this.#remove(step);
      case "list":
        return this.#list(step);
      case "open":
        return this.#open(step);
      case "next":
        return this.#next(step.reader);
      case "close":
        for (const closed of this.readers.splice(step.reader, 1)) closed.reader[Symbol.dispose]();
        return ["", ""];
      case "compact":
        this.store.compact(this.#revisionOf(step.age));
        this.model.compacted = Math.max(
          this.model.compacted,
          Math.min(this.#revisionOf(step.age), this.model.revision),
        );
        return ["", ""];
    }
  }

  #revisionOf(age: number): number {
    return Math.max(this.model.first, this.model.revision - age);
  }

  #write(place: Place): readonly [string, string] {
    this.model.apply(this.model.has(place) ? "updated" : "created", place);
    return [String(this.store.write(place, object).revision), String(this.model.revision)];
  }

  #remove(place: Place): readonly [string, string] {
    if (this.model.has(place)) this.model.apply("deleted", place);
    this.store.remove(place);
    return [String(this.store.revision), String(this.model.revision)];
  }

  #list(step: Extract<Step, { do: "list" }>): readonly [string, string] {
    const options: StoreListOptions = {
      resource: step.resource,
      ...(step.namespace !== undefined && { namespace: step.namespace }),
      ...(step.after !== undefined && { after: step.after }),
      ...(step.age !== undefined && { revision: Math.min(this.#revisionOf(step.age), this.model.revision) }),
    };
    return [orCompacted(() => shownList(this.store, options)), this.model.list(options)];
  }

  #open(step: Extract<Step, { do: "open" }>): readonly [string, string] {
    const after = this.#revisionOf(step.age);
    const options = { resource: step.resource, after, onEvents: () => undefined };
    const opened = orCompacted(() => {
      const reader = this.store.openReader({
        ...options,
        ...(step.namespace !== undefined && { namespace: step.namespace }),
      });
      this.readers.push({ reader, resource: step.resource, namespace: step.namespace, after });
      return "opened";
    });
    return [opened, after < this.model.oldest(step.resource) ? "compacted" : "opened"];
  }

  #next(index: number): readonly [string, string] {
    const reader = this.readers[index % Math.max(this.readers.length, 1)];
    if (reader === undefined) return ["", ""];
    return [orCompacted(() => shownNext(reader.reader)), this.model.next(reader)];
  }
}

export function describeAgainstModel(open: OpenStore, runs: number): void {
  it("does in any history what a model does that forgets nothing by accident", () => {
    const history = fc.array(step, { maxLength: 80, size: "max" });
    fc.assert(
      fc.property(history, (steps) => {
        using store = open({ maxEvents });
        const run = new Run(store);
        for (const one of steps) {
          const [actual, expected] = run.take(one);
          expect(actual).toBe(expected);
        }
      }),
      { numRuns: runs },
    );
  });
}
