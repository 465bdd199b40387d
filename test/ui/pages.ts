import type { Page } from "playwright-core";

/** A page as it is looked at: by axe, for hostile data, and as a picture in docs/ui. */
export interface UiPage {
  /** Of the picture. */
  readonly name: string;
  /** What docs/ui says of it; pages without are not shown there. */
  readonly shows?: string;
  /** Below the base. `shop-web` is an application of `furnish`, `money` a project. */
  readonly path: string;
  /** A selector that is found when the page has drawn what it is for; `h1` unless told. */
  readonly ready?: string;
  /** Nobody is logged in. */
  readonly isOpen?: boolean;
  /** Brings the page into a state that no address has. */
  readonly prepare?: (page: Page) => Promise<void>;
}

const views = ["list", "network", "pods", "history", "delivery", "drift", "parameters", "events"] as const;

const settings = [
  "repos",
  "certs",
  "gpgkeys",
  "clusters",
  "projects",
  "projects/default",
  "projects/money?tab=roles",
  "projects/money?tab=windows",
  "projects/money?tab=events",
  "accounts",
  "accounts/admin",
  "permissions",
  "audit",
  "system",
  "appearance",
] as const;

/** What opens when a button of a page is pressed. */
function dialogOf(name: string, path: string, button: string): UiPage {
  return {
    name,
    path,
    prepare: async (page) => {
      await page.getByRole("button", { name: button }).first().click();
      await page.getByRole("dialog").waitFor();
    },
  };
}

const parts = ["summary", "manifest", "desired", "diff", "events", "logs"] as const;

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
  ...views.map((view) => ({
    name: `application-${view}`,
    path: `/applications/argocd/shop-web?view=${view}`,
  })),
  ...parts.map((part) => ({
    name: `resource-${part}`,
    path: `/applications/argocd/shop-web?resource=apps/Deployment/shop-web/web&tab=${part}`,
    ready: "[role=dialog] h2",
  })),
  dialogOf("application-plan", "/applications/argocd/shop-web", "Sync…"),
  dialogOf("application-new", "/applications", "New application"),
  { name: "application-missing", path: "/applications/argocd/nothing-has-this-name", ready: "h2" },
  { name: "settings", shows: "Settings", path: "/settings" },
  ...settings.map((path) => ({ name: `settings-${path}`, path: `/settings/${path}` })),
  dialogOf("settings-new-repository", "/settings/repos", "Add a repository"),
  dialogOf("settings-new-role", "/settings/projects/money?tab=roles", "New role"),
  dialogOf("settings-new-window", "/settings/projects/money?tab=windows", "New window"),
  { name: "user", shows: "Who one is, and the theme", path: "/user-info", ready: "dl" },
  { name: "no-page", path: "/nothing/is/here", ready: "h2" },
];
