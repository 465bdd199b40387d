import { setTimeout as sleep } from "node:timers/promises";
import type { Browser, CDPSession, Page } from "playwright-core";
import { hubTypes } from "#engine/hub-types.ts";
import { mapLimit } from "#runtime/limit.ts";
import { launchChromium } from "#test/ui/chromium.ts";
import { hubNamespace } from "../lib/bed.ts";
import { appName } from "../lib/fleet.ts";
import type { Figure, Note, Scenario } from "../lib/scenario.ts";
import { percentile, round } from "../lib/scenario.ts";
import type { Bench } from "../lib/served.ts";
import { applications, eventuallyAll, fill, startBench, write } from "../lib/served.ts";
import { followRows, measureFrames, followTyping } from "./in-page.ts";
import { treeScenario } from "./tree.ts";

const navigations = 7;
const texts = [
  "app-0",
  "app-01",
  "app-012",
  "app-0123",
  "app-00",
  "team-7",
  "app-09",
  "fleet",
  "app-0999",
  "app-05",
];
const scrollMs = 6_000;
const updates = 36_000;

export const scenarios: readonly Scenario[] = [
  {
    name: "ui-first-rows",
    what: `From opening the list of ${applications} applications in a browser that has nothing of it yet until the first rows are drawn, median of ${navigations}`,
    against: "the target, 1 s",
    goal: 1,
    limits:
      "Running the scripts of the page, then who is logged in and the first page of the list, one after the other.",
    measure: measureFirstRows,
  },
  {
    name: "ui-filter",
    what: `From the last letter typed until what it leaves of ${applications} applications is drawn, median of ${texts.length}`,
    against: "the target, 200 ms",
    goal: 1,
    limits: "The page waits for another letter a while; the server filters and counts all of them anew.",
    measure: measureFilter,
  },
  {
    name: "ui-scroll",
    what: `The time between two frames while ${applications} applications are scrolled through at speed, 95th percentile`,
    against: "two frames at 60 Hz, 33.4 ms",
    goal: 1,
    limits: "Drawing rows without a graphics card on cores that the server uses, too.",
    measure: measureScroll,
  },
  {
    name: "ui-heap",
    what: `The page's heap after ${updates} updates of ${applications} applications, as an hour brings them at ten a second`,
    against: "the target, 200 MiB",
    goal: 1,
    limits: "The applications that were scrolled to, as the server sent them, and what is drawn.",
    measure: measureHeap,
  },
  treeScenario,
];

interface Opened extends AsyncDisposable {
  readonly bench: Bench;
  readonly browser: Browser;
  readonly base: string;
  /** A page in a browser that has kept nothing, logged in. */
  newPage(): Promise<Page>;
}

async function open(): Promise<Opened> {
  await using stack = new AsyncDisposableStack();
  const bench = stack.use(await startBench());
  await fill(bench);
  await eventuallyAll(bench, "GET /api/v1/applications?limit=1&counts=true");
  const browser = await launchChromium(["--enable-precise-memory-info"]);
  stack.defer(() => browser.close());
  const base = `http://${bench.server.address}/`;
  const owned = stack.move();
  return {
    bench,
    browser,
    base,
    newPage: async () => {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
      await context.addCookies([{ name: "argocd.token", value: bench.token, url: base }]);
      return context.newPage();
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function measureFirstRows(note: Note): Promise<Figure> {
  await using opened = await open();
  const taken: number[] = [];
  const busy: number[] = [];
  for (let i = 0; i < navigations; i += 1) {
    const page = await opened.newPage();
    const session = await page.context().newCDPSession(page);
    await session.send("Performance.enable");
    await page.addInitScript(followRows);
    await page.goto(`${opened.base}applications`, { waitUntil: "commit" });
    taken.push(
      await page
        .waitForFunction(() => (globalThis as { firstRowsMs?: number }).firstRowsMs)
        .then((ms) => ms.jsonValue() as Promise<number>),
    );
    const { metrics } = await session.send("Performance.getMetrics");
    busy.push(1_000 * (metrics.find(({ name }) => name === "TaskDuration")?.value ?? 0));
    await page.context().close();
  }
  note(`best ${round(Math.min(...taken))} ms, worst ${round(Math.max(...taken))} ms`);
  note(`the page's thread was at work for ${round(percentile(busy, 0.5))} ms of it`);
  const ms = percentile(taken, 0.5);
  return { value: ms, unit: "ms", ratio: 1_000 / ms };
}

/** Opens the list and waits for its rows. */
async function openList(opened: Opened): Promise<Page> {
  const page = await opened.newPage();
  await page.goto(`${opened.base}applications`);
  await page.locator("a[data-app]").first().waitFor();
  return page;
}

async function measureFilter(note: Note): Promise<Figure> {
  await using opened = await open();
  const page = await openList(opened);
  const taken: number[] = [];
  for (const text of texts) {
    const box = page.getByRole("searchbox");
    await box.fill(text.slice(0, -1));
    await sleep(1_500);
    await box.focus();
    await page.keyboard.press("End");
    await page.evaluate(followTyping, text);
    await page.keyboard.type(text.slice(-1));
    taken.push(await page.evaluate(() => (globalThis as { drawnMs?: Promise<number> }).drawnMs ?? 0));
  }
  note(`best ${round(Math.min(...taken))} ms, worst ${round(Math.max(...taken))} ms`);
  const ms = percentile(taken, 0.5);
  return { value: ms, unit: "ms", ratio: 200 / ms };
}

async function measureScroll(note: Note): Promise<Figure> {
  await using opened = await open();
  const page = await openList(opened);
  await page.mouse.move(800, 500);
  const measured = page.evaluate(measureFrames, scrollMs);
  const until = performance.now() + scrollMs;
  while (performance.now() < until) {
    await page.mouse.wheel(0, 400);
    await sleep(30);
  }
  const frames = await measured;
  const reached = await page.locator("a[data-app]").last().textContent();
  note(
    `median ${round(percentile(frames, 0.5))} ms, worst ${round(Math.max(...frames))} ms, down to ${reached}`,
  );
  const ms = percentile(frames, 0.95);
  return { value: ms, unit: "ms", ratio: 33.4 / ms };
}

async function measureHeap(note: Note): Promise<Figure> {
  await using opened = await open();
  const page = await openList(opened);
  const session = await page.context().newCDPSession(page);
  // Somebody has scrolled through a thousand of them before leaving the page open.
  await page.mouse.move(800, 500);
  for (let i = 0; i < 100; i += 1) {
    await page.mouse.wheel(0, 800);
    await sleep(30);
  }
  await page.mouse.wheel(0, -1_000_000);
  const before = await heapMiB(session);
  const startedAt = performance.now();
  let last = "";
  await mapLimit(
    Array.from({ length: updates }, (_, number) => number),
    16,
    async (number) => {
      last = `update-${number}`;
      const ref = {
        type: hubTypes.application,
        namespace: hubNamespace,
        name: appName(number % applications),
      };
      await opened.bench.hub.mergePatch(ref, { status: { health: { message: last.repeat(10) } } }, write);
    },
  );
  const seconds = (performance.now() - startedAt) / 1_000;
  await sleep(3_000);
  note(`${round(before)} MiB before; ${round(updates / seconds)} updates a second`);
  const nodes = await page.evaluate(() => document.querySelectorAll("*").length);
  note(`${nodes} elements`);
  const value = await heapMiB(session);
  return { value, unit: "MiB", ratio: 200 / value };
}

/** What is in use after a collection. */
async function heapMiB(session: CDPSession): Promise<number> {
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  return usedSize / 1_048_576;
}
