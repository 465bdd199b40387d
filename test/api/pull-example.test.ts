import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { createRepository } from "#test/git-servers/repository.ts";
import { openHome } from "./run-cli.ts";
import { startApi } from "./start-api.ts";

const example = fileURLToPath(new URL("../../examples/pull/", import.meta.url));

it("the example of the pull pattern does what its README says", async () => {
  await using api = await startApi([]);
  const repository = await createRepository(path.join(api.directory, "hello.git"));
  await repository.commit({
    "manifests/deployment.yaml": await readFile(path.join(example, "manifests/deployment.yaml"), "utf8"),
  });
  const application = await readFile(path.join(example, "application.yaml"), "utf8");
  const file = path.join(api.directory, "application.yaml");
  const address = "https://github.com/your-org/hello-world-manifests.git";
  expect(application).toContain(address);
  await writeFile(file, application.replace(address, repository.url));
  const cli = openHome(await mkdtemp(path.join(api.directory, "home-")));
  const server = ["--plaintext", "--username", "admin"];
  await cli.runWith({ input: `${api.password}\n` }, "login", api.baseUrl.replace("http://", ""), ...server);
  expect(await cli.run("app", "create", "--file", file)).toMatchObject({ code: 0 });
  expect(await cli.run("app", "wait", "hello-world", "--sync", "--health")).toMatchObject({ code: 0 });
  expect((await cli.run("app", "get", "hello-world")).out).toMatch(
    /Deployment +default +hello-world +Synced +Healthy/u,
  );
});
