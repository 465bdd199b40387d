import type { StoreListOptions, StoreReader } from "../store.ts";

/** Small, so that histories run into it. */
export const maxEvents = 6;

export interface Place {
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
}

interface ModelEvent extends Place {
  readonly revision: number;
  readonly text: string;
}

export interface ModelReader {
  readonly reader: StoreReader;
  readonly resource: string;
  readonly namespace: string | undefined;
  after: number;
}

export const pathOf = ({ resource, namespace, name }: Place): string => `${resource} ${namespace} ${name}`;

/** Remembers everything, forgets by filtering: what a store must do, without any of its structures. */
export class StoreModel {
  readonly states: Map<string, ModelEvent>[] = [];
  readonly events: ModelEvent[] = [];
  readonly first: number;
  compacted = 0;

  constructor(first: number) {
    this.first = first;
    this.states.push(new Map());
  }

  get revision(): number {
    return this.first + this.states.length - 1;
  }

  apply(type: string, place: Place): void {
    const revision = this.revision + 1;
    const state = new Map(this.states.at(-1));
    const event = { ...place, revision, text: `${type} ${pathOf(place)} ${revision}` };
    if (type === "deleted") state.delete(pathOf(place));
    else state.set(pathOf(place), event);
    this.states.push(state);
    this.events.push(event);
  }

  has(place: Place): boolean {
    return this.states.at(-1)?.has(pathOf(place)) ?? false;
  }

  oldest(resource: string): number {
    const dropped = this.events.filter((event) => event.resource === resource).slice(0, -maxEvents);
    return Math.max(this.compacted, dropped.at(-1)?.revision ?? 0);
  }

  list({ resource, namespace, after, revision = this.revision }: StoreListOptions): string {
    if (revision < this.oldest(resource)) return "compacted";
    return [...(this.states[Math.max(0, revision - this.first)]?.values() ?? [])]
      .filter((event) => event.resource === resource && event.namespace === (namespace ?? event.namespace))
      .filter((event) => {
        if (after === undefined || event.namespace > after.namespace) return true;
        return event.namespace === after.namespace && event.name > after.name;
      })
      .map((event) => `${pathOf(event)} ${event.revision}`)
      .sort()
      .join();
  }

  next(reader: ModelReader): string {
    const event = this.events.find(
      ({ resource, namespace, revision }) =>
        resource === reader.resource &&
        namespace === (reader.namespace ?? namespace) &&
        revision > reader.after,
    );
    if (event === undefined) return "nothing";
    if (event.revision <= this.oldest(reader.resource)) return "compacted";
    reader.after = event.revision;
    return event.text;
  }
}
