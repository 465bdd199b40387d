import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { isJsonObject, viewNumber, viewString } from "#core/object/index.ts";
import { DemoFailure } from "../commands.ts";
import { green, heading, print } from "../print.ts";
import { nextWhenAsked } from "../keys.ts";
import { helloWorld } from "../pull/observer.ts";
import type { Hello } from "../repository.ts";
import { createHelloRepository, manifest } from "../repository.ts";
import type { World } from "../world.ts";

const name = "hello-world";
const asPushed = ["--to", "", "--namespace", "default", "--name", name, "--prune"];

/** Push: CI plans, applies exactly that plan, and later hands over to a controller without anything created anew. */
export async function playPush(world: World, isScripted: boolean): Promise<void> {
  const { shell, signal, directory } = world;
  const next = async () => {
    if (!isScripted) await nextWhenAsked(signal);
  };
  const { context } = world;
  const files = path.join(directory, name);
  const [folder, flags] = [files, asPushed.map((flag) => (flag === "" ? context : flag))];
  await write(files, { replicas: 2, image: "nginx:latest" });
  print(`\n${folder} stands for a checkout in CI. No controller runs in this cluster.`);

  heading("The plan: what an apply would do, and nothing is written");
  const first = await planned(world, [folder, ...flags]);
  await next();
  heading("Exactly that plan");
  await shell.mooring(["apply", folder, ...flags, "--plan", first, "--wait"]);
  await next();

  heading("A change in the files, and one by hand between plan and apply");
  await write(files, { replicas: 3, image: "nginx:1.29" });
  const second = await planned(world, [folder, ...flags]);
  await scale(world, 7);
  print(
    "\nSomebody ran: kubectl scale deployment hello-world --replicas 7. The plan that was read is none any more:",
  );
  await shell.mooring(["apply", folder, ...flags, "--plan", second], [20]);
  await next();
  const third = await planned(world, [folder, ...flags]);
  await shell.mooring(["apply", folder, ...flags, "--plan", third, "--wait"]);
  await require(world, { replicas: 3, image: "nginx:1.29" });
  await next();

  heading("From push to pull: a controller takes over what CI has pushed");
  await handOver(world);
}

async function handOver(world: World): Promise<void> {
  const { shell, directory } = world;
  const before = await read(world);
  await world.startMooring();
  const repository = await createHelloRepository(path.join(directory, "repository"), "");
  await repository.commit({ replicas: 3, image: "nginx:1.29" }, "What CI has pushed last");
  const source = ["--repo", repository.url, "--path", "."];
  const destination = ["--dest-server", "https://kubernetes.default.svc", "--dest-namespace", "default"];
  await shell.mooring(["app", "create", name, ...source, ...destination]);
  await shell.mooring(["app", "wait", name, "--sync", "--health"]);
  await shell.mooring(["app", "diff", name]);
  const after = await read(world);
  if (before.uid !== after.uid) throw new DemoFailure("hello-world: the Deployment was created anew");
  print(green("\nThe same Deployment as before, in sync at once: nothing was created anew."));
}

async function write(directory: string, hello: Hello): Promise<void> {
  await mkdir(directory, { recursive: true });
  await writeFile(path.join(directory, "deployment.yaml"), manifest(hello));
}

/** Shows the plan as people read it, and gives its digest as a job of CI would take it from the JSON. */
async function planned({ shell }: World, args: readonly string[]): Promise<string> {
  await shell.mooring(["plan", ...args]);
  const report: unknown = JSON.parse(await shell.output(["plan", ...args, "--output", "json"]));
  const digest = isJsonObject(report) ? viewString(report, "digest") : undefined;
  if (digest === undefined) throw new DemoFailure("mooring plan -o json: holds no digest");
  return digest;
}

async function scale({ cluster, signal }: World, replicas: number): Promise<void> {
  await cluster.mergePatch(helloWorld, { spec: { replicas } }, { fieldManager: "somebody", signal });
}

async function read({ cluster, signal }: World) {
  const object = await cluster.read(helloWorld, signal);
  if (object === undefined) throw new DemoFailure("hello-world: there is no Deployment");
  return { uid: object.metadata.uid, replicas: viewNumber(object, "spec", "replicas") };
}

async function require(world: World, { replicas }: Hello): Promise<void> {
  const found = await read(world);
  if (found.replicas !== replicas)
    throw new DemoFailure(`hello-world: has ${found.replicas} replicas, and not ${replicas}`);
}
