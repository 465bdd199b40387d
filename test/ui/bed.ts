import { access } from "node:fs/promises";
import path from "node:path";
import type { Browser } from "playwright-core";
import type { RunningUp } from "../api/fixture.ts";
import { useServer } from "../api/fixture.ts";
import type { GivenCluster, RunningServer } from "../api/running-server.ts";
import { startServer } from "../api/running-server.ts";
import type { Visit, VisitOptions } from "./browser.ts";
import { visit } from "./browser.ts";
import { launchChromium } from "./chromium.ts";

interface VisitorOptions extends Omit<VisitOptions, "base" | "token"> {
  /** Who is logged in: `admin` unless told, undefined for nobody. */
  readonly as?: { readonly token: string } | undefined;
}

/** `mooring up` with its UI, and a browser. A file of tests shares one. */
export interface UiBed extends RunningUp {
  readonly server: RunningServer;
  readonly browser: Browser;
  /** Where the UI is, with a slash at its end. */
  readonly base: string;
  /** Opens a browser of its own. */
  visit(options?: VisitorOptions): Promise<Visit>;
}

export interface BedOptions {
  /** More flags of `mooring up`. */
  readonly args?: readonly string[];
  /** Where it runs; on an embedded cluster unless told. */
  readonly given?: GivenCluster | undefined;
  /** Below which path the UI is; `/` unless told. */
  readonly basePath?: string;
}

export async function startBed({ args = [], given, basePath = "/" }: BedOptions = {}): Promise<UiBed> {
  await using started = new AsyncDisposableStack();
  await requireBuild();
  const server = await startServer(args, given);
  const up = started.use(await useServer(server));
  const browser = await launchChromium();
  started.defer(() => browser.close());
  const base = `${up.url}${basePath}`;
  const owned = started.move();
  return {
    ...up,
    server,
    browser,
    base,
    visit: (options = {}) => {
      const { as = "as" in options ? undefined : up.admin, ...rest } = options;
      return visit(browser, { ...rest, base, token: as?.token });
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

const built = path.join(import.meta.dirname, "../../web/dist/index.html");

/** The server reads the built UI when it starts; without it every test would fail in its own way. */
async function requireBuild(): Promise<void> {
  try {
    await access(built);
  } catch (error) {
    throw new Error("the web UI is not built: run make ui", { cause: error });
  }
}
