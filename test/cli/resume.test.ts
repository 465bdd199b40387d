import { expect, it } from "vitest";
import { startCli } from "./run.ts";

const hold = {
  revisions: ["c".repeat(40)],
  sources: "digest",
  to: { id: 4, revisions: ["b".repeat(40)] },
  since: "2026-11-23T20:30:12Z",
  reason: "it is Degraded",
  state: "done",
};

it("app resume lifts what a rollback on failure has left, and says so when there is nothing", async () => {
  const cli = await startCli("resume");
  const app = ["app", "create", "web", "--repo", "https://git.example.com/a.git", "--path", "."];
  const place = ["--dest-name", "in-cluster", "--dest-namespace", "shop", "--validate=false"];
  expect(await cli.run(...app, ...place)).toMatchObject({ code: 0 });
  const nothing = await cli.run("app", "resume", "web");
  expect(nothing.code).toBe(13);
  expect(nothing.err).toContain("nothing is held back after a rollback");
  const patch = { metadata: { annotations: { "mooring.dev/rollback-hold": JSON.stringify(hold) } } };
  const patched = await cli.run("app", "patch", "web", "--type", "merge", "--patch", JSON.stringify(patch));
  expect(patched).toMatchObject({ code: 0 });
  expect((await cli.run("app", "get", "web")).out).toContain("lift: mooring app resume web");
  expect(await cli.run("app", "resume", "web")).toMatchObject({
    code: 0,
    out: "application 'web' resumed\n",
  });
  expect((await cli.run("app", "get", "web")).out).not.toContain("Held:");
});
