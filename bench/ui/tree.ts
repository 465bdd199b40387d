import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";
import { viewArray, viewString } from "#core/object/index.ts";
import { createRepository } from "#test/git-servers/repository.ts";
import { launchChromium } from "#test/ui/chromium.ts";
import { hubNamespace } from "../lib/bed.ts";
import type { Figure, Note, Scenario } from "../lib/scenario.ts";
import { percentile, round } from "../lib/scenario.ts";
import type { Bench } from "../lib/served.ts";
import { startBench } from "../lib/served.ts";
import { followTree } from "./in-page.ts";

const deployments = 200;
const podsOfEach = 9;
/** Deployments, their ReplicaSets and Pods. */
const resources = deployments * (2 + podsOfEach);
const navigations = 7;
const name = "wide";
const goalMs = 1_000;

export const treeScenario: Scenario = {
  name: "ui-tree",
  what: `From a click on an application of ${resources} resources in the list until its tree is drawn, in a browser that has not opened one before, median of ${navigations}`,
  against: "the target, 1 s",
  goal: 1,
  limits: "Reading the application and its tree as JSON, and the scripts of the page, which begin together.",
  measure: measureTree,
};

async function measureTree(note: Note): Promise<Figure> {
  await using stack = new AsyncDisposableStack();
  const bench = stack.use(await startBench());
  await deployWide(bench);
  const browser = await launchChromium();
  stack.defer(() => browser.close());
  const base = `http://${bench.server.address}/`;
  const taken: number[] = [];
  const opened: number[] = [];
  for (let i = 0; i < navigations; i += 1) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    await context.addCookies([{ name: "argocd.token", value: bench.token, url: base }]);
    const page = await context.newPage();
    await page.goto(`${base}applications`);
    await page.locator("a[data-app]").first().waitFor();
    // What the page does by itself after its first rows is not what somebody waits for who reads them.
    await sleep(1_000);
    taken.push(await timeOf(page, () => page.locator(`a[data-app]`).first().click()));
    opened.push(await timeOf(page, () => page.getByRole("button", { name: "Open everything" }).click()));
    await context.close();
  }
  note(`best ${round(Math.min(...taken))} ms, worst ${round(Math.max(...taken))} ms`);
  note(`then ${round(percentile(opened, 0.5))} ms until ${deployments} nodes that were one are drawn apart`);
  const ms = percentile(taken, 0.5);
  return { value: ms, unit: "ms", ratio: goalMs / ms };
}

/** From the click that this does until another tree stands on the screen. */
async function timeOf(page: Page, click: () => Promise<void>): Promise<number> {
  await page.evaluate(followTree);
  await click();
  return page.evaluate(() => (globalThis as { drawnMs?: Promise<number> }).drawnMs ?? 0);
}

/** One application of many resources, healthy. */
async function deployWide({ server, ask }: Bench): Promise<void> {
  const repository = await createRepository(path.join(server.directory, "wide.git"));
  const numbers = Array.from({ length: deployments }, (_, number) => number);
  await repository.commit({ "all.yaml": numbers.map((number) => deployment(number)).join("---\n") });
  await ask("POST /api/v1/applications", {
    metadata: { name, namespace: hubNamespace },
    spec: {
      project: "default",
      source: { repoURL: repository.url, path: ".", targetRevision: "main" },
      destination: { server: "https://kubernetes.default.svc", namespace: name },
      syncPolicy: { automated: {}, syncOptions: ["CreateNamespace=true"] },
    },
  });
  for (;;) {
    const app = await ask(`GET /api/v1/applications/${name}`);
    const tree = await ask(`GET /api/v1/applications/${name}/resource-tree`);
    const isHealthy = viewString(app, "status", "health", "status") === "Healthy";
    if (isHealthy && viewArray(tree, "nodes").length >= resources) return;
    await sleep(500);
  }
}

function deployment(number: number): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: {name: part-${number}}
spec:
  replicas: ${podsOfEach}
  selector: {matchLabels: {part: "${number}"}}
  template:
    metadata: {labels: {part: "${number}"}}
    spec: {containers: [{name: main, image: registry.example/web:1}]}
`;
}
