import { describe, expect, it } from "vitest";
import type { AuditPage, AuditQuery, AuditRecord, AuditStore } from "#ports/audit-store.ts";

/** A record as a request of a second would leave it, but for what is given. */
export function recordAt(second: number, given: Partial<AuditRecord> = {}): AuditRecord {
  return {
    timeMs: second * 1_000,
    user: { name: "ada", subject: "ada", kind: "local", tokenId: "deploys", groups: 2 },
    from: { address: "192.0.2.7", client: "198.51.100.1", userAgent: "argocd-client" },
    method: "application.ApplicationService/Sync",
    target: { kind: "Application", project: "default", namespace: "argocd", name: "web" },
    plan: `sha256:${"0".repeat(64)}`,
    outcome: "ok",
    code: "OK",
    durationMs: 12,
    changes: [
      {
        verb: "changed",
        cluster: "https://hub.invalid",
        kind: "Application",
        namespace: "argocd",
        name: "web",
        before: "0a",
        after: "0b",
      },
    ],
    moreChanges: 0,
    ...given,
  };
}

const named = (name: string): Partial<AuditRecord> => ({
  target: { kind: "Application", project: "default", namespace: "argocd", name },
});

const secondsOf = ({ records }: AuditPage): readonly number[] => records.map(({ timeMs }) => timeMs / 1_000);

const bob = { name: "bob", subject: "42", kind: "oidc", groups: 0 } as const;
const other = { kind: "AppProject", project: "shop", namespace: "argocd", name: "shop" };
const method = "project.ProjectService/Update";
const kept = [
  recordAt(1),
  recordAt(2, { user: bob, ...named("api") }),
  recordAt(3, { outcome: "refused", code: "API_FORBIDDEN" }),
  recordAt(4, { target: other, method, outcome: "failed", code: "KUBE_CONFLICT" }),
  recordAt(5, { user: bob, target: { ...other, namespace: "teams" }, method: "other.Service/Update" }),
];
const cases: readonly (readonly [AuditQuery, readonly number[]])[] = [
  [{ limit: 9, sinceMs: 2_000, untilMs: 4_000 }, [3, 2]],
  [{ limit: 9, user: "bob" }, [5, 2]],
  [{ limit: 9, user: "bob", sinceMs: 3_000 }, [5]],
  [{ limit: 9, method: "Update" }, [5, 4]],
  [{ limit: 9, method }, [4]],
  [{ limit: 9, kind: "AppProject" }, [5, 4]],
  [{ limit: 9, project: "shop", namespace: "teams" }, [5]],
  [{ limit: 9, name: "api" }, [2]],
  [{ limit: 9, kind: "AppProject", name: "web" }, []],
  [{ limit: 9, result: "ok" }, [5, 2, 1]],
  [{ limit: 9, result: "refused" }, [3]],
  [{ limit: 9, result: "KUBE_CONFLICT" }, [4]],
  [{ limit: 9, name: "' OR 1=1 --" }, []],
  [{ limit: 9, user: "", method: "", result: "", after: "" }, [5, 4, 3, 2, 1]],
];

/** What every store of audit records does. */
export function describeAuditStore(name: string, open: () => Promise<AuditStore>): void {
  describe(`${name}: audit records`, () => {
    it("gives back what it was given, newest first, and numbers it in the order in which it came", async () => {
      await using store = await open();
      const plain = recordAt(1, { user: { name: "", subject: "", kind: "nobody", groups: 0 }, changes: [] });
      await store.append(recordAt(2));
      await store.append(plain);
      expect(await store.list({ limit: 10 })).toEqual({
        records: [
          { ...recordAt(2), id: 1 },
          { ...plain, id: 2 },
        ],
        next: undefined,
      });
    });

    it("gives every record once on pages, those of one millisecond too, while others come", async () => {
      await using store = await open();
      const seconds = [1, 2, 2, 2, 3];
      for (const second of seconds) await store.append(recordAt(second));
      const seen: number[] = [];
      let page = await store.list({ limit: 2 });
      for (;;) {
        seen.push(...page.records.map(({ id }) => id));
        await store.append(recordAt(9));
        if (page.next === undefined) break;
        page = await store.list({ limit: 2, after: page.next });
      }
      expect(seen).toEqual([5, 4, 3, 2, 1]);
    });

    it.each(cases)("leaves what a query asks for: %j", async (query, seconds) => {
      await using store = await open();
      for (const record of kept) await store.append(record);
      expect(secondsOf(await store.list(query))).toEqual(seconds);
    });

    it.each(["0", "1.2.3", "now", "1.-2", "9".repeat(40)])(
      "refuses a place that no page gave out: %s",
      async (after) => {
        await using store = await open();
        await expect(store.list({ limit: 1, after })).rejects.toMatchObject({ code: "API_INVALID_ARGUMENT" });
      },
    );
  });
}
