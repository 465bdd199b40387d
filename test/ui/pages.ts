import type { Page } from "playwright-core";

/** A page as it is looked at: by axe, for hostile data, and as a picture in docs/ui. */
export interface UiPage {
  /** Of the picture. */
  readonly name: string;
  /** What docs/ui says of it; pages without are not shown there. */
  readonly shows?: string;
  /** Below the base. `shop-web` is an application of `furnish`, `money` a project, `storefront` a pipeline. */
  readonly path: string;
  /** A selector that is found when the page has drawn what it is for; `h1` unless told. */
  readonly ready?: string;
  /** Nobody is logged in. */
  readonly isOpen?: boolean;
  /** Brings the page into a state that no address has. */
  readonly prepare?: (page: Page) => Promise<void>;
}

/** Of one application, with what docs/ui says of them. */
const views = {
  list: "One application: its resources as a list",
  network: "Its traffic: from addresses to pods",
  pods: "Its pods",
  history: "What was deployed when and by whom, with comparison and rollback",
  delivery: "The way of each revision from the commit to the cluster",
  drift: "What was changed in the cluster behind Git's back, by whom, and what ended it",
  parameters: "Where it comes from, as a form or as YAML",
  events: "Its events",
} as const;

const settings = {
  repos: "Repositories and credentials",
  certs: "Certificates and host keys",
  gpgkeys: "Keys that sign commits",
  clusters: "Clusters",
  projects: "Projects",
  "projects/default": "One project",
  "projects/money?tab=roles": "Roles of a project and their tokens",
  "projects/money?tab=windows": "Sync windows as a calendar",
  "projects/money?tab=events": "Events of a project",
  accounts: "Accounts",
  "accounts/admin": "One account and its tokens",
  permissions: "May somebody do something, and which line of the policy says so",
  audit: "Who asked for what, and what came of it",
  system: "How the system itself is",
  appearance: "Appearance",
} as const;

interface Dialog {
  readonly button: string;
  readonly shows: string;
}

/** What opens when a button of a page is pressed. */
function dialogOf(name: string, path: string, { button, shows }: Dialog): UiPage {
  return {
    name,
    shows,
    path,
    prepare: async (page) => {
      await page.getByRole("button", { name: button }).first().click();
      await page.getByRole("dialog").waitFor();
    },
  };
}

/** Of the panel of one resource. */
const parts = {
  summary: "One resource",
  manifest: "Its manifest, to be edited",
  desired: "What Git says of it",
  diff: "How it differs from what Git says",
  events: "Its events, in the panel",
  logs: "Logs of its pods",
} as const;

/** A pipeline of `furnishPipelines`. */
const pipeline = "/pipelines/argocd/storefront";

function dialogOfStage(name: string, { stage, button, shows }: Dialog & { readonly stage: string }): UiPage {
  return {
    name,
    shows,
    path: pipeline,
    prepare: async (page) => {
      const card = page.getByRole("listitem", { name: `Stage ${stage}` });
      await card.getByRole("button", { name: button }).click();
      await page.getByRole("dialog").waitFor();
    },
  };
}

/** The names of promotions have a commit in them, which no address here can know. */
async function openPromotion(page: Page, stage: string): Promise<void> {
  const card = page.getByRole("listitem", { name: `Stage ${stage}` });
  await card.locator("a[href*='/promotions/']").first().click();
  await page.getByRole("list", { name: "Gates" }).waitFor();
}

/** Every page, and every state of one that looks like a page of its own. */
export const pages: readonly UiPage[] = [
  { name: "login", shows: "Logging in", path: "/login", ready: "input[name=password]", isOpen: true },
  {
    name: "applications",
    shows: "All applications, with what filters them and the bar of their health",
    path: "/applications",
    ready: "a[data-app]",
  },
  {
    name: "applications-tiles",
    shows: "The same as tiles",
    path: "/applications?look=tiles",
    ready: "a[data-app]",
  },
  { name: "applications-none", path: "/applications?text=nothing-has-this-name", ready: "h2" },
  {
    name: "applications-sync",
    shows: "Syncing several at once",
    path: "/applications",
    ready: "a[data-app]",
    prepare: async (page) => {
      for (const box of (await page.getByRole("checkbox", { name: /^Select /u }).all()).slice(0, 2))
        await box.check();
      await page.getByRole("button", { name: "Sync…" }).click();
      await page.getByRole("dialog").waitFor();
    },
  },
  {
    name: "palette",
    shows: "The command palette, Ctrl+K",
    path: "/applications",
    ready: "a[data-app]",
    prepare: async (page) => {
      await page.keyboard.press("Control+k");
      await page.getByRole("option").first().waitFor();
    },
  },
  { name: "application", shows: "One application", path: "/applications/argocd/shop-web" },
  ...Object.entries(views).map(([view, shows]) => ({
    name: `application-${view}`,
    shows,
    path: `/applications/argocd/shop-web?view=${view}`,
  })),
  ...Object.entries(parts).map(([part, shows]) => ({
    name: `resource-${part}`,
    shows,
    path: `/applications/argocd/shop-web?resource=apps/Deployment/shop-web/web&tab=${part}`,
    ready: "[role=dialog] h2",
  })),
  dialogOf("application-plan", "/applications/argocd/shop-web", {
    button: "Sync…",
    shows: "What a sync would do",
  }),
  dialogOf("application-new", "/applications", {
    button: "New application",
    shows: "A new application",
  }),
  { name: "application-missing", path: "/applications/argocd/nothing-has-this-name", ready: "h2" },
  {
    name: "pipelines",
    shows: "Pipelines: the stages of each, what could come, and what waits for whom",
    path: "/pipelines",
    ready: "[aria-label^='Stages of']",
  },
  { name: "pipelines-none", path: "/pipelines?text=nothing-has-this-name", ready: "h2" },
  {
    name: "pipeline",
    shows: "One pipeline: each stage with its applications, and what can be done with it",
    path: pipeline,
    ready: "[aria-label^='Stages of']",
  },
  {
    name: "pipeline-settings",
    path: `${pipeline}?view=settings`,
    ready: ".cm-content",
  },
  dialogOfStage("pipeline-promote", {
    stage: "eu",
    button: "Promote…",
    shows: "Promoting a revision to a stage",
  }),
  dialogOfStage("pipeline-rollback", { stage: "us", button: "Roll back…", shows: "Rolling a stage back" }),
  dialogOfStage("pipeline-hold", { stage: "us", button: "Hold…", shows: "Holding a stage" }),
  { name: "pipeline-missing", path: "/pipelines/argocd/nothing-has-this-name", ready: "h2" },
  {
    name: "promotion",
    shows: "One promotion: what it brings, the plan that is approved, and its gates",
    path: pipeline,
    prepare: (page) => openPromotion(page, "eu"),
  },
  {
    name: "promotion-approve",
    shows: "Approving exactly what is on the screen",
    path: pipeline,
    prepare: async (page) => {
      await openPromotion(page, "eu");
      await page.getByRole("button", { name: "Approve…" }).click();
      await page.getByRole("dialog").waitFor();
    },
  },
  {
    name: "promotion-break-glass",
    shows: "Breaking the glass",
    path: pipeline,
    prepare: async (page) => {
      await openPromotion(page, "eu");
      await page.getByRole("button", { name: "Break glass…" }).click();
      await page.getByRole("dialog").waitFor();
    },
  },
  {
    name: "promotion-glass-broken",
    shows: "A promotion whose gates were not asked",
    path: pipeline,
    prepare: (page) => openPromotion(page, "us"),
  },
  { name: "promotion-missing", path: "/promotions/argocd/nothing-has-this-name", ready: "h2" },
  {
    name: "delivery",
    shows: "How well deliveries go: lead time, frequency, failures, time to restore",
    path: "/delivery",
    ready: "table",
  },
  {
    name: "delivery-trace",
    shows: "Where a commit is",
    path: "/delivery?what=main",
    // Hostile data has no such branch.
    ready: "table[aria-label='Where it is'], :text('It is not there')",
  },
  { name: "delivery-nothing", path: "/delivery?what=nothing-has-this-name", ready: "table" },
  {
    name: "images",
    shows: "What keeps images new: what was chosen, where it is written, and what keeps it from being",
    path: "/images",
    ready: "main h1",
  },
  { name: "images-none", path: "/images?text=nothing-has-this-name", ready: "main h1" },
  {
    name: "image-automation",
    shows: "One automation: each image, and what the controller says",
    path: "/images?open=argocd/shop-dev",
    ready: "[role=dialog] h2",
  },
  { name: "settings", shows: "Settings", path: "/settings" },
  ...Object.entries(settings).map(([path, shows]) => ({
    name: `settings-${path}`,
    shows,
    path: `/settings/${path}`,
  })),
  dialogOf("settings-new-repository", "/settings/repos", {
    button: "Add a repository",
    shows: "A new repository",
  }),
  dialogOf("settings-new-role", "/settings/projects/money?tab=roles", {
    button: "New role",
    shows: "A new role of a project",
  }),
  dialogOf("settings-new-window", "/settings/projects/money?tab=windows", {
    button: "New window",
    shows: "A new sync window",
  }),
  { name: "user", shows: "Who one is, and the theme", path: "/user-info", ready: "dl" },
  { name: "no-page", path: "/nothing/is/here", ready: "h2" },
];
