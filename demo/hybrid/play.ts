import { hubTypes } from "#engine/hub-types.ts";
import { nextWhenAsked } from "../keys.ts";
import { dim, green, heading, print } from "../print.ts";
import * as acts from "../pull/acts.ts";
import type { Stage } from "../pull/stage.ts";
import { openStage } from "../pull/stage.ts";
import { showUi } from "../ui.ts";
import type { World } from "../world.ts";
import { startDemoRegistry } from "./registry.ts";

const name = "acme/hello";

/** Hybrid: CI builds an image, Mooring writes its tag to Git, and what watches Git deploys it. */
export async function playHybrid(world: World, isScripted: boolean): Promise<void> {
  await using registry = await startDemoRegistry();
  registry.push(name, "1.0.0");
  const image = `${registry.host}/${name}`;
  await using stage = await openStage(world, `${image}:1.0.0`);
  await acts.createAndSync(stage, { replicas: 2, image: `${image}:1.0.0` });
  if (!isScripted) await showUi(stage.ui);
  await automate(stage, image);
  const next = async () => {
    if (!isScripted) await nextWhenAsked(stage.signal);
  };
  await next();
  for (const tag of ["1.1.0", "1.2.0-rc.1", "1.2.0"]) {
    heading(`CI has built ${image}:${tag}`);
    registry.push(name, tag);
    print(dim("A registry's webhook would tell of it; here a command does."));
    if (tag.includes("rc")) {
      await stage.shell.mooring(["image", "scan", "hello"]);
      print("A release candidate is not in the range 1.x: nothing is written.");
    } else await deployed(stage, `${image}:${tag}`);
    await next();
  }
}

async function automate({ cluster, repository, shell, signal }: Stage, image: string): Promise<void> {
  heading("An ImageAutomation: which images are kept new, and where they are written");
  const spec = {
    interval: "1h",
    git: { repoURL: repository.url, branch: "main", author: { name: "Image Bot", email: "bot@example.com" } },
    images: [{ image, semver: "1.x" }],
  };
  print(JSON.stringify(spec, undefined, 2));
  print(dim("\nThe demo's registry speaks HTTP, which has to be said:"));
  await shell.mooring(["repo", "add", `oci://${image}`, "--type", "oci", "--insecure-oci-force-http"]);
  const { imageAutomation: type } = hubTypes;
  const metadata = { name: "hello", namespace: "argocd" };
  const apiVersion = "mooring.dev/v1alpha1";
  await cluster.create(
    type,
    { apiVersion, kind: type.kind, metadata, spec },
    { fieldManager: "demo", signal },
  );
  await shell.mooring(["image", "list"]);
}

async function deployed({ shell, observer, repository }: Stage, image: string): Promise<void> {
  observer.startClock();
  await shell.mooring(["image", "scan", "hello"]);
  await observer.until(`${image}: ready`, acts.isRunning({ replicas: 2, image }));
  await observer.until("the Application: synced", acts.isSettled());
  observer.stopClock();
  print(`\n${await repository.git("log", "-1", "--format=%h %an: %s")}`);
  print(await repository.git("show", "--format=", "--unified=0", "HEAD"));
  print(green("An image that CI has built runs, and Git says so."));
}
