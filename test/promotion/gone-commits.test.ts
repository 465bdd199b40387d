import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { JsonObject } from "#core/object/index.ts";
import { parsePipeline, parsePromotion } from "#core/promotion/index.ts";
import { ContentReader } from "#engine/promotion/content-reader.ts";
import { identifyRevision } from "#engine/promotion/identify-revision.ts";
import type { ChangeRequest } from "#engine/promotion/prepare-change.ts";
import { prepareChange } from "#engine/promotion/prepare-change.ts";
import { setUpShop, signal, startStore } from "../git/fixture.ts";

function promotion(name: string, { revision, ...status }: JsonObject & { readonly revision: string }) {
  return parsePromotion({
    apiVersion: "mooring.dev/v1alpha1",
    kind: "Promotion",
    metadata: { name, namespace: "argocd", creationTimestamp: "2026-12-01T00:00:00Z" },
    spec: {
      pipeline: "shop",
      stage: "prod",
      kind: "Promote",
      cause: "Person",
      revision,
      requestedBy: { username: "pia" },
      requestedAt: "2026-12-01T00:00:00Z",
    },
    status,
  });
}

/** What was promoted to prod is gone: main and prod were forced to other commits, and nobody has its objects any more. */
async function forcePushed() {
  const shop = await setUpShop();
  const { repository, first, directory } = shop;
  const gone = await repository.change({ "a.yaml": "a: gone\n" });
  await repository.branch("main", first);
  await repository.branch("prod", first);
  const second = await repository.change({ "a.yaml": "a: 2\n" });
  await repository.git("reflog", "expire", "--expire=now", "--all");
  await repository.git("gc", "--quiet", "--prune=now");
  await rm(join(directory, "store"), { recursive: true, force: true });
  const { branches } = await startStore(join(directory, "other"));
  const promoted = promotion("shop-prod-1", {
    revision: gone,
    commit: gone,
    base: first,
    phase: "Succeeded",
    writtenAt: "2026-12-01T00:00:01Z",
  });
  const { stages } = parsePipeline({
    apiVersion: "mooring.dev/v1alpha1",
    kind: "Pipeline",
    metadata: { name: "shop", namespace: "argocd" },
    spec: {
      repoURL: repository.url,
      stages: [
        { name: "dev", branch: "main", applications: [] },
        { name: "prod", branch: "prod", applications: [] },
      ],
    },
  });
  const [, stage] = stages;
  if (stage === undefined) throw new Error("there is no stage prod");
  await expect(branches.treeAt(shop.access, { commit: gone, path: "", signal })).rejects.toThrow(
    "does not have this commit any more",
  );
  return { ...shop, branches, stage, promoted, gone, second };
}

it("a promoted commit that a force-push took away does not keep a stage from being identified", async () => {
  const { branches, stage, promoted, access, first, second } = await forcePushed();
  const contents = new ContentReader(branches);
  const place = { access, path: "" };
  const content = (await contents.treeAt(place, { commit: first, signal })) ?? "";
  const asked = { stage, place, tip: first, content, promotions: [promoted], branches, contents, signal };
  const upstream = { place, tip: second, content: undefined, revision: second };
  expect(await identifyRevision({ ...asked, source: upstream })).toBe(first);
});

it("a promoted commit that a force-push took away does not keep the next from being prepared", async () => {
  const { branches, stage, promoted, access, repository, first, gone, second } = await forcePushed();
  const request: ChangeRequest = {
    promotion: promotion("shop-prod-2", { revision: second }),
    promotions: [promoted],
    stage,
    source: { access, path: "" },
    access,
    base: await repository.change({ "a.yaml": "a: hotfix\n" }, { branch: "prod", message: "hotfix" }),
    holds: gone,
    subject: "",
    author: { name: "Mooring", email: "mooring@example.com" },
    dateMs: 1_700_000_000_000,
    signingKey: undefined,
    signal,
  };
  expect(await prepareChange(branches, request)).toMatchObject({
    kind: "impossible",
    message: expect.stringContaining("hotfix (Ada Lovelace)"),
  });
  await repository.branch("prod", first);
  const reverted = await repository.change({ "b.yaml": "b\n" }, { branch: "prod" });
  const base = await repository.change({ "b.yaml": null }, { branch: "prod" });
  expect(await prepareChange(branches, { ...request, base })).toMatchObject({ kind: "ready" });
  expect(await prepareChange(branches, { ...request, base: reverted })).toMatchObject({ kind: "impossible" });
});
