import type { KubeObject } from "#core/object/index.ts";
import { jsonEqual } from "#core/object/index.ts";
import type { Clock } from "#runtime/clock.ts";
import { formatTime } from "#runtime/clock.ts";
import type { CatalogFactory } from "../kinds/catalog.ts";
import { definitionStatus } from "../kinds/definition-status.ts";
import type { KindCatalog } from "../kinds/served-kind.ts";
import { systemCalls } from "../collect/system-calls.ts";
import type { Store, StoreEvent } from "../storage/store.ts";
import type { ClusterState } from "../verbs/cluster-state.ts";

/** What definitions of custom resources are stored under. */
const definitions = "apiextensions.k8s.io/customresourcedefinitions";

/** The kinds that a cluster serves: the built-in ones, and those of the definitions in its store. */
export interface Definitions extends Disposable {
  readonly catalog: () => KindCatalog;
  readonly all: () => readonly KubeObject[];
  /** Takes note of a write to the store. */
  note(event: StoreEvent): void;
  /** Begins to accept definitions; what is in the store already is looked at, too. */
  start(state: ClusterState): void;
}

export function createDefinitions(
  factory: CatalogFactory,
  { store, clock }: { readonly store: () => Store; readonly clock: Clock },
): Definitions {
  let known: readonly KubeObject[] | undefined;
  let catalog: KindCatalog | undefined;
  let scheduled: Disposable | undefined;
  let accept = (): void => undefined;
  const all = (): readonly KubeObject[] =>
    (known ??= store()
      .list({ resource: definitions })
      .map(({ object }) => object));
  const schedule = () => {
    scheduled ??= clock.after(0, () => {
      scheduled = undefined;
      accept();
    });
  };
  return {
    all,
    catalog: () => (catalog ??= factory.catalogOf(all())),
    note: ({ stored }) => {
      if (stored.key.resource !== definitions) return;
      known = undefined;
      catalog = undefined;
      schedule();
    },
    start: (state) => {
      accept = () => acceptAll(state, all);
      schedule();
    },
    [Symbol.dispose]: () => scheduled?.[Symbol.dispose](),
  };
}

/** Says in each definition's status which names are its own and whether it is served. */
function acceptAll(state: ClusterState, all: () => readonly KubeObject[]): void {
  const calls = systemCalls(state, "customresourcedefinition-controller");
  for (const definition of all()) {
    const now = formatTime(state.clock.now());
    const status = definitionStatus(definition, all(), now);
    if (jsonEqual(status, definition["status"])) continue;
    const key = { resource: definitions, namespace: "", name: definition.metadata.name ?? "" };
    calls.replace(key, { ...definition, status }, "status");
  }
}
