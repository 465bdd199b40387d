import type { KubeObject } from "#core/object/index.ts";
import { EventLog, type LogLimits } from "./event-log.ts";
import { identityOf, idOf, type KeptEvent, KeptObject, stampObject } from "./kept-object.ts";
import { SortedObjects } from "./sorted-objects.ts";
import type { Store, StoreKey, StoreListOptions, StoreReader, StoreReaderOptions } from "./store.ts";
import { undoEvents } from "./undo-events.ts";

/** Where writes are made durable. Each call either keeps all of it or throws and keeps nothing. */
export interface Journal {
  put(stored: KeptObject): void;
  delete(key: StoreKey, revision: number): void;
  close(revision: number): void;
}

export interface JournaledStoreOptions {
  readonly journal: Journal;
  /** What there is already. */
  readonly objects: Iterable<KeptObject>;
  readonly revision: number;
  /** Events up to this revision are not known. */
  readonly compacted: number;
  readonly limits: LogLimits;
}

interface Resource {
  readonly objects: SortedObjects;
  readonly log: EventLog;
}

/** A cluster in memory whose writes go to a journal before anybody sees them. */
export class JournaledStore implements Store {
  readonly #journal: Journal;
  readonly #limits: LogLimits;
  readonly #resources = new Map<string, Resource>();
  #revision: number;
  #compacted: number;

  constructor(options: JournaledStoreOptions) {
    this.#journal = options.journal;
    this.#limits = options.limits;
    this.#revision = options.revision;
    this.#compacted = options.compacted;
    for (const object of options.objects) this.#resource(object.key.resource).objects.set(object);
  }

  get revision(): number {
    return this.#revision;
  }

  read(key: StoreKey): KeptObject | undefined {
    return this.#resources.get(key.resource)?.objects.get(idOf(key));
  }

  list(options: StoreListOptions): readonly KeptObject[] {
    const { resource, namespace, after, revision } = options;
    const { objects, log } = this.#resource(resource);
    const now = objects.list(options);
    if (revision === undefined) return now;
    const start = after === undefined ? "" : idOf(after);
    const events = log.eventsAfter(revision, namespace).filter(({ stored }) => stored.id > start);
    return undoEvents(now, events);
  }

  write(key: StoreKey, object: KubeObject): KeptObject {
    const { objects } = this.#resource(key.resource);
    const previous = objects.get(idOf(key));
    const revision = this.#revision + 1;
    const stored = new KeptObject(previous ?? identityOf(key), revision, stampObject(object, revision));
    this.#journal.put(stored);
    objects.set(stored);
    this.#publish({ type: previous === undefined ? "created" : "updated", stored, previous });
    return stored;
  }

  remove(key: StoreKey, object?: KubeObject): KeptObject | undefined {
    const { objects } = this.#resource(key.resource);
    const previous = objects.get(idOf(key));
    if (previous === undefined) return undefined;
    const revision = this.#revision + 1;
    const stored = new KeptObject(previous, revision, stampObject(object ?? previous.object, revision));
    this.#journal.delete(previous.key, revision);
    objects.delete(previous.id);
    this.#publish({ type: "deleted", stored, previous });
    return stored;
  }

  openReader(options: StoreReaderOptions): StoreReader {
    return this.#resource(options.resource).log.openReader(options, () => this.#revision);
  }

  compact(revision: number): void {
    this.#compacted = Math.max(this.#compacted, Math.min(revision, this.#revision));
    for (const { log } of this.#resources.values()) log.compact(this.#compacted);
  }

  resources(): readonly string[] {
    return [...this.#resources].filter(([, { objects }]) => objects.size > 0).map(([name]) => name);
  }

  [Symbol.dispose](): void {
    this.#journal.close(this.#revision);
  }

  #resource(name: string): Resource {
    let resource = this.#resources.get(name);
    if (resource === undefined) {
      resource = { objects: new SortedObjects(), log: new EventLog(this.#limits, this.#compacted) };
      this.#resources.set(name, resource);
    }
    return resource;
  }

  #publish(event: KeptEvent): void {
    this.#revision = event.stored.revision;
    this.#resource(event.stored.key.resource).log.append(event);
  }
}
