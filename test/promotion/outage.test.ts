import { rename } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { eventually } from "../control-plane/eventually.ts";
import { createRepository } from "../git-servers/index.ts";
import { configMap, patiently, startPipelineBed } from "./bed.ts";

it("prod is rolled back while the repository that its revisions come from does not answer, and the stage there says so", async () => {
  const bed = await startPipelineBed();
  const { repository, git, directory } = bed;
  await repository.commit({ "web/web.yaml": configMap("blue") });
  const live = await createRepository(join(directory, "git", "shop", "live.git"));
  await live.git("config", "http.receivepack", "true");
  await live.commit({ "web/web.yaml": configMap("blue") });
  const liveUrl = `${git.url}/shop/live.git`;
  await bed.app("shop-dev", { branch: "main" });
  await bed.app("shop-prod", { branch: "main", repoURL: liveUrl });
  await bed.pipeline("shop", {
    stages: [
      { name: "dev", branch: "main", applications: ["shop-dev"] },
      { name: "prod", branch: "main", repoURL: liveUrl, applications: ["shop-prod"] },
    ],
  });
  await bed.start();
  await eventually(
    async () => expect(await bed.stage("shop", "prod")).toMatchObject({ verified: true }),
    patiently,
  );
  const second = await repository.change({ "web/web.yaml": configMap("green") });
  await eventually(
    async () => expect((await bed.stage("shop", "prod")).candidate).toMatchObject({ revision: second }),
    patiently,
  );
  await bed.phase(await bed.promote("shop", "prod"), "Succeeded");
  await bed.color("shop-prod", "green");

  await rename(repository.directory, `${repository.directory}.away`);
  await eventually(
    async () => expect((await bed.stage("shop", "dev")).problem).toContain("deploy.git"),
    patiently,
  );
  expect(await bed.stage("shop", "dev")).toMatchObject({ revision: second, verified: false });
  await bed.phase(await bed.rollback("shop", "prod", "too green"), "Succeeded");
  await bed.color("shop-prod", "blue");

  await rename(`${repository.directory}.away`, repository.directory);
  await eventually(async () => {
    const dev = await bed.stage("shop", "dev");
    expect(dev).toMatchObject({ revision: second, verified: true });
    expect(dev.problem).toBeUndefined();
  }, patiently);
});
