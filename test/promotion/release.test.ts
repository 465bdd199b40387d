import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { eventually } from "../control-plane/eventually.ts";
import { configMap, patiently, startPipelineBed } from "./bed.ts";

const broken = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {nodeSelector: {no: where}, containers: [{name: web, image: "example.com/web:1"}]}
`;

it("a release of two pipelines waits for both, and when one fails the other is rolled back with it", async () => {
  const bed = await startPipelineBed();
  const { repository } = bed;
  const first = await repository.commit({
    "web/web.yaml": configMap("blue"),
    "api/web.yaml": configMap("blue"),
  });
  await repository.branch("prod", first);
  for (const name of ["web", "api"]) {
    await bed.app(`${name}-dev`, { branch: "main", path: name });
    await bed.app(`${name}-prod`, { branch: "prod", path: name });
    await bed.pipeline(name, {
      stages: [
        { name: "dev", branch: "main", path: name, applications: [`${name}-dev`] },
        {
          name: "prod",
          branch: "prod",
          path: name,
          applications: [`${name}-prod`],
          deadline: "8s",
          gates: name === "api" ? [{ approvals: { required: 1 } }] : [],
        },
      ],
    });
  }
  await bed.start();
  await bed.color("web-prod", "blue");
  await bed.color("api-prod", "blue");
  const second = await repository.change({ "web/web.yaml": configMap("green") });
  const third = await repository.change({ "api/deployment.yaml": broken });
  await eventually(async () => {
    expect((await bed.stage("web", "prod")).candidate).toMatchObject({ revision: second });
    expect(await bed.stage("api", "dev")).toMatchObject({ revision: third });
  }, patiently);
  const release = { name: "winter", size: 2 };
  const web = await bed.promote("web", "prod", { release });
  await bed.phase(web, "Waiting");
  const saying = async (text: string) =>
    eventually(async () => expect((await bed.promotion(web)).status.message).toContain(text), patiently);
  await saying("1 promotions of release winter are not there yet");
  const api = await bed.promote("api", "prod", { release, revision: third });
  await bed.phase(api, "Waiting");
  await saying(`release winter waits for ${api}`);
  expect(await repository.git("rev-parse", "prod")).toBe(first);
  // The api is not healthy in dev: somebody insists.
  await bed.breakGlass(api, "boss");
  await bed.color("web-prod", "green");
  await bed.phase(api, "(Failed|RolledBack)");
  await bed.color("web-prod", "blue");
  await bed.phase(web, "RolledBack");
  const [back] = (await bed.promotions("web", "prod")).filter(({ spec }) => spec.kind === "Rollback");
  expect(back?.spec).toMatchObject({ cause: "Failure" });
  expect(back?.spec.reason).toContain(`release winter: ${api} is`);
});

it("a release of which the repository refuses one half leaves no other half in prod", async () => {
  const bed = await startPipelineBed();
  const { repository } = bed;
  const first = await repository.commit({
    "web/web.yaml": configMap("blue"),
    "api/web.yaml": configMap("blue"),
  });
  for (const name of ["web", "api"]) {
    await repository.branch(`prod-${name}`, first);
    await bed.app(`${name}-dev`, { branch: "main", path: name });
    await bed.app(`${name}-prod`, { branch: `prod-${name}`, path: name });
    await bed.pipeline(name, {
      stages: [
        { name: "dev", branch: "main", applications: [`${name}-dev`] },
        { name: "prod", branch: `prod-${name}`, applications: [`${name}-prod`] },
      ],
    });
  }
  const hook = join(repository.directory, "hooks", "update");
  await writeFile(hook, '#!/bin/sh\n[ "$1" != refs/heads/prod-api ] || exit 1\n');
  await chmod(hook, 0o755);
  await bed.start();
  await bed.color("web-prod", "blue");
  await bed.color("api-prod", "blue");
  const second = await repository.change({
    "web/web.yaml": configMap("green"),
    "api/web.yaml": configMap("green"),
  });
  await eventually(async () => {
    for (const name of ["web", "api"])
      expect((await bed.stage(name, "prod")).candidate).toMatchObject({ revision: second });
  }, patiently);
  const release = { name: "winter", size: 2 };
  const web = await bed.promote("web", "prod", { release });
  const api = await bed.promote("api", "prod", { release });
  await bed.phase(api, "Failed");
  const ended = await bed.phase(web, "(Failed|RolledBack)");
  if (ended.status.writtenAt === undefined) expect(ended.status.message).toContain(`${api} is Failed`);
  await bed.color("web-prod", "blue");
  expect(await repository.git("show", "prod-web:web/web.yaml")).toContain("blue");
});
