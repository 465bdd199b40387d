import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { expect } from "vitest";

export interface VisitOptions {
  /** Where the UI is, such as `http://127.0.0.1:8080/`. */
  readonly base: string;
  /** The token of whom the browser is logged in as; nobody unless told. */
  readonly token?: string | undefined;
  readonly theme?: "light" | "dark";
  readonly width?: number;
  readonly height?: number;
  /** Also certificates that nobody vouches for. */
  readonly trustsAll?: boolean;
}

/** A browser of its own: cookies and what it keeps begin empty. Disposing of it fails the test when anything was not in order. */
export interface Visit extends AsyncDisposable {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What a page must never do: errors, broken policies, scripts of hostile data that ran. */
  readonly problems: readonly string[];
  /** Goes to a page of the UI, by its path below the base, and waits until it has drawn what is found by `ready`. */
  open(path: string, ready?: string): Promise<void>;
  /** The path below the base, with its query. */
  path(): string;
}

/** Requests that fail are the business of the page, which shows it; the browser notes them all the same. */
const expected = /^Failed to load resource:/u;

export async function visit(browser: Browser, options: VisitOptions): Promise<Visit> {
  const { base, token, theme = "light", width = 1280, height = 800, trustsAll = false } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: theme,
    reducedMotion: "reduce",
    ignoreHTTPSErrors: trustsAll,
  });
  context.setDefaultTimeout(15_000);
  const problems: string[] = [];
  const note = (problem: string): void => void problems.push(problem);
  await context.exposeBinding("__problem", (_source, problem: string) => note(problem));
  await context.addInitScript(watchForScripts);
  if (token !== undefined) await context.addCookies([{ name: "argocd.token", value: token, url: base }]);
  const page = await context.newPage();
  page.on("console", (message) => {
    if (message.type() === "error" && !expected.test(message.text())) note(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => note(`error: ${error.stack ?? error.message}`));
  page.on("dialog", (dialog) => {
    note(`dialog: ${dialog.message()}`);
    dialog.dismiss().catch((error: unknown) => note(String(error)));
  });
  return {
    page,
    context,
    problems,
    open: async (path, ready = "h1") => {
      await page.goto(new URL(path.replace(/^\//u, ""), base).href);
      await page.locator(ready).first().waitFor();
    },
    path: () => page.url().slice(new URL(base).href.length - 1),
    [Symbol.asyncDispose]: async () => {
      await context.close();
      expect(problems, "problems of the page").toEqual([]);
    },
  };
}

/** Runs in the page before anything else does: tells of broken policies, and of a script that says that it owns the page. */
function watchForScripts(): void {
  const tell = (problem: string): void => {
    (globalThis as unknown as { __problem: (text: string) => void }).__problem(problem);
  };
  document.addEventListener(
    "securitypolicyviolation",
    ({ violatedDirective, blockedURI, sourceFile, lineNumber }) =>
      tell(`policy: ${violatedDirective} kept out ${blockedURI} at ${sourceFile}:${lineNumber}`),
  );
  Object.defineProperty(globalThis, "__owned", {
    set: (value) => {
      tell(`a script ran: ${String(value)}`);
    },
  });
}

/** Text that would run where it is taken for markup, a script, a style or an address, one of each kind. */
export const hostile = {
  markup: `<img src=x onerror="__owned='img'"><script>__owned='script'</script><svg onload="__owned='svg'">`,
  attribute: `" onmouseover="__owned='attribute'" autofocus onfocus="__owned='focus'" x="`,
  address: `javascript:__owned='address'`,
  template: "{{constructor.constructor('__owned=1')()}}${__owned='template'}",
  style: `</style><style>*{background:url(https://evil.example.com/x)}</style>`,
} as const;

/** Waits until nothing on the page stands for what is still being read. */
export async function untilRead(page: Page): Promise<void> {
  await expect.poll(() => page.locator("[data-skeleton]").count()).toBe(0);
}

/** Axe's rules of WCAG 2.2 AA; findings that are serious or worse, one line each. */
export async function seriousFindings(page: Page): Promise<readonly string[]> {
  // A colour that is halfway to another is neither.
  await page.evaluate(() =>
    Promise.all(document.getAnimations().map((each) => each.finished.catch(() => null))),
  );
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, help, nodes }) =>
      nodes.map(
        ({ target, failureSummary = "" }) =>
          `${id}: ${help}: ${target.join(" ")}: ${failureSummary.replaceAll(/\s+/gu, " ")}`,
      ),
    );
}
