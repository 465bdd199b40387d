import { describe, expect, it } from "vitest";
import { endMark } from "#core/backup/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { application, namespace, startHub } from "./hub.ts";

const scope = "with Applications of other namespaces: none; ApplicationSets: none";

describe("an import with --prune", () => {
  it("does not prune by a backup that was cut off between two documents, or that does not say that it is whole", async () => {
    const hub = await startHub();
    await hub.apply(application("first"), application("second"), application("third"), application("fourth"));
    const { out: whole } = await hub.cli.run("admin", "export");
    const cut = whole.slice(0, whole.lastIndexOf("---\n", whole.lastIndexOf("kind: Application")) + 4);
    const prune = (input: string, ...flags: readonly string[]) =>
      hub.cli.runWith({ input }, "admin", "import", "-", "--prune", "--yes", ...flags);
    const refused = await prune(cut);
    expect(refused).toMatchObject({ code: 20, out: "" });
    expect(refused.err).toMatchInlineSnapshot(`
      "mooring: import --prune: file -: does not end with the line by which mooring admin export says that it is whole
        it may have been cut off, and what it lacks would be deleted: 1 of the 6 objects that are here. Check that it is all of the backup (argocd admin export writes no such line), then add --assume-complete
      "
    `);
    const dry = await prune(cut, "--dry-run");
    expect(dry).toMatchObject({ code: 20, out: "Application/argocd/third pruned (dry run)\n" });
    const edited = whole.replace(/(?<=---\n)apiVersion: \S+\nkind: Application\n[^]*?---\n/u, "");
    expect((await prune(edited)).err).toContain("documents, and its last line says");
    const { err } = await prune(cut.slice(0, cut.lastIndexOf("---")));
    expect(err).toMatch(/^warning: document \d+, from line \d+: is the last, and no line --- ends it/u);
    for (const name of ["first", "second", "third", "fourth"]) await hub.read("Application", name);
    expect(await prune(whole)).toMatchObject({ code: 0, out: "" });
    const pruned = await prune(cut, "--assume-complete");
    expect(pruned).toMatchObject({ code: 0, out: "Application/argocd/third pruned\n" });
  });

  it("does not delete the applications of namespaces that the backup was not made of", async () => {
    const hub = await startHub();
    await hub.apply(application("here"));
    const elsewhere = application("elsewhere");
    await hub.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: "team-a" } });
    await hub.apply({ ...elsewhere, metadata: { ...elsewhere.metadata, namespace: "team-a" } });
    const { out: input } = await hub.cli.run("admin", "export");
    const more = ["--application-namespaces", "team-a"];
    const refused = await hub.cli.runWith({ input }, "admin", "import", "-", "--prune", "--yes", ...more);
    expect(refused).toMatchObject({ code: 20, err: expect.stringContaining("was exported with") as string });
    const ref = { type: hubTypes.application, namespace: "team-a", name: "elsewhere" };
    expect(await hub.cluster.read(ref, hub.signal)).toBeDefined();
  });

  it.each([4, 30])(
    "refuses to delete most of %i applications, and never deletes what nothing works without",
    async (count) => {
      const hub = await startHub();
      const names = Array.from({ length: count }, (_, i) => `app-${i}`);
      await hub.apply(...names.map((name) => application(name)));
      const input = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: argocd-cm}\n---\n${endMark(1, scope)}`;
      const prune = (...flags: readonly string[]) =>
        hub.cli.runWith({ input }, "admin", "import", "-", "--prune", "--yes", ...flags);
      const refused = await prune();
      expect(refused).toMatchObject({
        code: 20,
        err: expect.stringContaining("--allow-mass-prune") as string,
      });
      await hub.read("Application", `app-${count - 1}`);
      expect((await prune("--allow-mass-prune")).code).toBe(0);
      expect(await hub.cluster.list(hubTypes.application, { namespace, signal: hub.signal })).toEqual([]);
      await hub.read("Secret", "argocd-secret");
      await hub.read("AppProject", "default");
    },
  );
});
