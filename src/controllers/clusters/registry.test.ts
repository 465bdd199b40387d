import { expect, it } from "vitest";
import type { ClusterRecord } from "#core/cluster/index.ts";
import { createSnapshotStore } from "#engine/snapshot-store.ts";
import type { Cluster } from "#ports/cluster.ts";
import { ClusterRegistry } from "./registry.ts";

const server = "https://a.example";

function recordOf(token: string, rest: Partial<ClusterRecord> = {}): ClusterRecord {
  return {
    name: "a",
    server,
    connection: { server, tls: { insecure: false }, auth: { kind: "token", token } },
    namespaces: [],
    clusterResources: false,
    labels: {},
    annotations: {},
    ...rest,
  };
}

function openedBy() {
  const closed: string[] = [];
  let opened = 0;
  const registry = new ClusterRegistry({
    open: () => {
      opened += 1;
      const name = `store ${opened}`;
      const dispose = (): Promise<void> => Promise.resolve(void closed.push(name));
      return { ...createSnapshotStore({ server } as Cluster), [Symbol.asyncDispose]: dispose };
    },
    onChange: () => undefined,
    onFailure: () => undefined,
  });
  return { registry, closed };
}

it("leaves a store open when only a label, an annotation or the name of its cluster changes", () => {
  const { registry, closed } = openedBy();
  const live = registry.get(recordOf("one"));
  const changed = recordOf("one", { name: "b", labels: { env: "prod" }, annotations: { seen: "today" } });
  registry.keepOnly([changed]);
  expect([registry.get(changed) === live, closed]).toEqual([true, []]);
});

it("opens a new store when credentials or namespaces change, and closes the old one", () => {
  const { registry, closed } = openedBy();
  const live = registry.get(recordOf("one"));
  registry.keepOnly([recordOf("two")]);
  const second = registry.get(recordOf("two"));
  registry.keepOnly([recordOf("two", { namespaces: ["shop"] })]);
  expect([second === live, closed]).toEqual([false, ["store 1", "store 2"]]);
});

it("gives two Secrets of one server a store each, which do not close one another", () => {
  const { registry, closed } = openedBy();
  const [one, two] = [recordOf("one"), recordOf("two", { name: "b" })];
  registry.keepOnly([one, two]);
  const stores = [registry.get(one), registry.get(two), registry.get(one), registry.get(two)];
  expect([stores[0] === stores[2], stores[1] === stores[3], stores[0] === stores[1], closed]).toEqual([
    true,
    true,
    false,
    [],
  ]);
});
