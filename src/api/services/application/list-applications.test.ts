import { describe, expect, it } from "vitest";
import type { KubeObject } from "#core/object/index.ts";
import type { ApiCall } from "../../caller.ts";
import { createCaller } from "../../caller.ts";
import type { ApiContext } from "../../context.ts";
import { list } from "./list-applications.ts";
import type { Query } from "./select-applications.ts";

const syncs = ["Synced", "OutOfSync", "Unknown"];
const healths = ["Healthy", "Degraded", "Progressing", undefined];

function app(number: number): KubeObject {
  const name = `app-${String(number).padStart(3, "0")}`;
  const health = healths[number % healths.length];
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: {
      name,
      namespace: "argocd",
      resourceVersion: String(100 + number),
      labels: { team: `t${number % 7}` },
    },
    spec: {
      project: number % 5 === 0 ? "shop" : "default",
      source: { repoURL: "https://git.example.com/Fleet.git", path: `apps/${name}` },
      destination:
        number % 2 === 0
          ? { server: "https://kubernetes.default.svc", namespace: "web" }
          : { name: "edge", namespace: "api" },
      syncPolicy: number % 10 === 0 ? { automated: {} } : { automated: { enabled: false } },
    },
    status: {
      sync: { status: syncs[number % syncs.length] ?? "" },
      ...(health === undefined ? {} : { health: { status: health } }),
    },
  } as unknown as KubeObject;
}

function hubOf(apps: Iterable<KubeObject>): Pick<ApiContext, "hub" | "admitsNamespace"> {
  const applications = new Map([...apps].map((one) => [`argocd/${one.metadata.name}`, one]));
  return {
    hub: { namespace: "argocd", applications },
    admitsNamespace: () => false,
  } as unknown as ApiContext;
}

const all = Array.from({ length: 120 }, (_, number) => app(number));
const context = hubOf(all);

function ask(query: Query, within = context, permits: (object: string) => boolean = () => true) {
  const caller = createCaller({ identity: undefined, permits: ({ object }) => permits(object) });
  return list(within as ApiContext, query, { caller } as unknown as ApiCall);
}

async function names(query: Query, within = context): Promise<readonly string[]> {
  const { items = [] } = await ask(query, within);
  return items.map(({ metadata }) => metadata?.name ?? "");
}

/** All pages, one after the other. */
async function pages(
  query: Query,
  within: () => typeof context = () => context,
): Promise<readonly string[][]> {
  const found: string[][] = [];
  for (let from = ""; ;) {
    const { items = [], metadata } = await ask({ ...query, continue: from }, within());
    found.push(items.map((one) => one.metadata?.name ?? ""));
    from = metadata?.continue ?? "";
    if (from === "") return found;
  }
}

describe("a list of applications", () => {
  it("is whole and by name when nothing else is asked for", async () => {
    const answer = await ask({});
    expect(answer.items).toHaveLength(120);
    expect(answer.metadata).toEqual({ resourceVersion: "219" });
    expect(await names({})).toEqual(all.map(({ metadata }) => metadata.name));
    expect(answer.counts).toBeUndefined();
  });

  it.for([
    "",
    "name",
    "-name",
    "healthStatus",
    "-syncStatus",
    "project",
    "cluster",
    "namespace",
    "createdAt",
    "syncedAt",
  ])("comes in pages that are together the whole list, sorted by %s", async (sort) => {
    const inPages = await pages({ sort, limit: 17 });
    expect(inPages.map((page) => page.length)).toEqual([17, 17, 17, 17, 17, 17, 17, 1]);
    expect(inPages.flat()).toEqual(await names({ sort }));
    expect(inPages.flat().toSorted()).toEqual(await names({}));
  });

  it("tells how many follow", async () => {
    const { metadata } = await ask({ limit: 50 });
    expect(metadata?.remainingItemCount).toBe(70);
    const last = await ask({ limit: 500 });
    expect(last.metadata).toEqual({ resourceVersion: "219" });
  });

  it("shows none twice and leaves none out when others come and go between its pages", async () => {
    let turn = 0;
    const moving = () => {
      turn += 1;
      // With every page the first one that was shown goes, and one comes at the front.
      return hubOf([...all.slice(turn), app(-turn)]);
    };
    const seen = (await pages({ limit: 10 }, moving)).flat().filter((name) => !name.startsWith("app--"));
    expect(new Set(seen).size).toBe(seen.length);
    const lasting = all.slice(turn).map(({ metadata }) => metadata.name);
    expect(lasting.length).toBeGreaterThan(100);
    expect(seen).toEqual(expect.arrayContaining(lasting));
  });

  it("puts the worst first", async () => {
    const { items = [] } = await ask({ sort: "healthStatus" });
    const order = items.map(({ status }) => status?.health?.status ?? "Unknown");
    expect([...new Set(order)]).toEqual(["Degraded", "Unknown", "Progressing", "Healthy"]);
  });

  it("is narrowed by every field", async () => {
    expect(await names({ syncStatus: ["OutOfSync"], healthStatus: ["Degraded"] })).toEqual(
      all.filter((_, i) => i % 3 === 1 && i % 4 === 1).map(({ metadata }) => metadata.name),
    );
    expect(await names({ healthStatus: ["Unknown"] })).toHaveLength(30);
    expect(await names({ cluster: ["edge"] })).toHaveLength(60);
    expect(await names({ namespace: ["web", "api"] })).toHaveLength(120);
    expect(await names({ projects: ["shop"], automated: true })).toHaveLength(12);
    expect(await names({ automated: false })).toHaveLength(108);
    expect(await names({ text: "FLEET  app-01 team=t3" })).toEqual(["app-010", "app-017"]);
  });

  it("is counted by field, what is asked of a field left out of its own counts", async () => {
    const { counts, items } = await ask({
      syncStatus: ["OutOfSync"],
      projects: ["shop"],
      counts: true,
      limit: 1,
    });
    expect(items).toHaveLength(1);
    expect(counts?.total).toBe(8);
    expect(counts?.syncStatus).toEqual({ Synced: 8, OutOfSync: 8, Unknown: 8 });
    expect(counts?.project).toEqual({ shop: 8, default: 32 });
    expect(counts?.cluster).toEqual({ edge: 4, "https://kubernetes.default.svc": 4 });
  });

  it("neither shows nor counts what the caller may not see", async () => {
    const { counts, items } = await ask({ counts: true }, context, (object) => object.startsWith("shop/"));
    expect(items).toHaveLength(24);
    expect(counts).toMatchObject({ total: 24, project: { shop: 24 } });
  });

  it.for([
    [{ limit: -1 }, "limit: is -1"],
    [{ sort: "constructor" }, "sort: is none of name, project"],
    [{ sort: "-" }, "sort: is none of"],
    [{ continue: "no token" }, "continue: is not what a list in this order told"],
    [{ continue: "a".repeat(5000) }, "continue: is not"],
    [{ text: "a".repeat(300) }, "text: has 300 characters"],
  ] as const)("refuses %j", async ([query, message]) => {
    await expect(ask(query)).rejects.toThrow(message);
  });

  it("refuses a page of another order", async () => {
    const { metadata } = await ask({ limit: 5, sort: "name" });
    await expect(ask({ limit: 5, sort: "-name", continue: metadata?.continue ?? "" })).rejects.toThrow(
      "continue: is not",
    );
  });
});
