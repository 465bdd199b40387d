import { expect, it } from "vitest";
import { viewPath, viewString } from "#core/object/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { eventually } from "#test/control-plane/eventually.ts";
import { startServer } from "./bed.ts";
import type { Plane } from "./plane.ts";
import {
  automationOf,
  layers,
  namespace,
  plainRegistry,
  readyOf,
  startFront,
  startPlane,
  startRepository,
} from "./plane.ts";

const { signal } = new AbortController();

/** Waits until Ready says so. */
async function untilReady(plane: Plane, name: string, said: string): Promise<void> {
  await eventually(async () => expect(readyOf(await plane.read(name))).toContain(said));
}

it("brings ninety new images of ninety automations into one commit, and asks each registry's repository once", async () => {
  const server = await startServer();
  const front = await startFront(server.host);
  const apps = Array.from({ length: 90 }, (_, i) => `app-${i}`);
  for (const app of apps) {
    await server.push(`acme/${app}`, "1.0.0", layers);
    await server.push(`acme/${app}`, "1.1.0", layers);
  }
  const file = (app: string) => `apps/${app}/kustomization.yaml`;
  const repository = await startRepository(
    Object.fromEntries(
      apps.map((app) => [file(app), `images:\n- name: ${front.host}/acme/${app}\n  newTag: 1.0.0\n`]),
    ),
  );
  const plane = await startPlane();
  await plane.install(plainRegistry(front.host));
  for (const app of apps) {
    const git = { repoURL: repository.httpUrl, paths: [`apps/${app}`] };
    await plane.install(
      automationOf(app, { git, images: [{ image: `${front.host}/acme/${app}`, semver: "1.x" }] }),
    );
  }
  await plane.start();
  for (const app of apps) await untilReady(plane, app, "True Written: wrote");
  expect(await repository.git("rev-list", "--count", "main")).toBe("2");
  const commit = await repository.git("rev-parse", "main");
  for (const app of apps) {
    expect(await repository.git("show", `main:${file(app)}`)).toContain("newTag: 1.1.0");
    expect(viewString(await plane.read(app), "status", "lastCommit")).toBe(commit);
  }
  expect(repository.counts()).toEqual({ fetches: 2, pushes: 1 });
  for (const app of apps)
    expect(front.requests.filter(({ path }) => path.startsWith(`/v2/acme/${app}/tags/`))).toHaveLength(1);
  const status = viewPath(await plane.read("app-7"), "status");
  expect(status).toMatchObject({
    observedGeneration: 1,
    imageCount: 1,
    images: [{ image: `${front.host}/acme/app-7`, tag: "1.1.0" }],
  });
  const events = await plane.hub.list(hubTypes.event, { namespace, signal });
  expect(events.filter((event) => viewString(event, "reason") === "Written")).toHaveLength(90);
});
