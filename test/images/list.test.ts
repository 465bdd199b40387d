import { expect, it } from "vitest";
import { openCli } from "#test/cli/run.ts";
import { automationOf, namespace, startPlane } from "./plane.ts";

it("lists, shows and asks for a scan of what no controller has looked at yet", async () => {
  const plane = await startPlane();
  const git = { repoURL: "https://git.example.com/shop.git" };
  await plane.install(automationOf("shop-dev", { git, images: [{ image: "ghcr.io/acme/web" }] }));
  await plane.install(automationOf("still", { git, images: [{ image: "web" }], suspend: true }));
  const cli = openCli({ namespace, directory: plane.directory }, plane.kubeconfigPath);
  const listed = await cli.run("image", "list");
  expect(listed.out).toMatch(
    /^shop-dev +default +Unknown +0 +https:\/\/git\.example\.com\/shop\.git main$/mu,
  );
  expect((await cli.run("image", "list", "-o", "name")).out).toBe("shop-dev\nstill\n");
  expect((await cli.run("image", "get", "shop-dev")).out).toContain("not looked at yet");
  expect(JSON.parse((await cli.run("image", "get", "argocd/shop-dev", "-o", "json")).out)).toMatchObject({
    kind: "ImageAutomation",
    spec: { git },
  });
  expect(await cli.run("image", "get", "shop-dec")).toMatchObject({
    code: 13,
    err: expect.stringContaining("did you mean shop-dev?") as string,
  });
  expect(await cli.run("image", "scan", "shop-dev", "--timeout", "1")).toMatchObject({
    code: 1,
    err: expect.stringContaining("was not scanned within 1 s") as string,
  });
  expect((await cli.run("image", "scan", "still")).out).toContain("it is suspended");
});
