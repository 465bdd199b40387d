import { openBrowser } from "#main/open-browser.ts";
import { DemoFailure } from "./commands.ts";
import { bold, cyan, dim, green, heading, print } from "./print.ts";
import type { Ui } from "./world.ts";

/** Opens the UI where there is a browser, and says in any case where it is, how one logs in and what is worth a look. */
export async function showUi(ui: Ui): Promise<void> {
  heading("The web UI");
  await openUi(ui);
  print(`  address   ${cyan(ui.url)}`);
  print(
    `  login     ${ui.password === undefined ? "as an account of yours" : `admin, ${bold(ui.password)}`}`,
  );
  if (ui.password !== undefined)
    print(dim("  The password was made for this demo, whose server nobody but this machine can reach."));
  print("\nA short tour:");
  for (const [at, step] of tour.entries()) print(`  ${at + 1}. ${step}`);
}

const tour = [
  "Open hello-world: its Deployment, ReplicaSet and Pods. Leave the page open, it follows by itself.",
  `Press ${bold("b")} here: somebody scales the Deployment by hand. The page shows it, and how it is undone.`,
  `Press ${bold("c")} here: a commit. The history has it with its author, and can compare it and go back.`,
  "Drift lists what was changed by hand, by whom, and the difference then.",
  "Ctrl+K finds everything; all of it works without a mouse. The theme is under You.",
];

/** Opens the UI in a browser; says so where there is none. */
export async function openUi({ url }: Ui): Promise<void> {
  if (!hasScreen()) return;
  try {
    await openBrowser(url);
    print(dim(`Your browser opens ${url}`));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    print(dim(`No browser could be started (${error.message}); open ${url} yourself.`));
  }
}

/** Without a screen what opens addresses may take the terminal instead, which is ours. */
function hasScreen(): boolean {
  if (process.platform !== "linux") return true;
  return (process.env["DISPLAY"] ?? process.env["WAYLAND_DISPLAY"] ?? "") !== "";
}

/** Asks for what a browser would ask: the page, its script, a login and the application. Throws DemoFailure for what is not as it should be. */
export async function checkUi({ url, password }: Ui): Promise<void> {
  heading("The web UI");
  const page = await get(url, "/applications", { accept: "text/html" });
  const script = /<script type="module"[^>]* src="(?<at>[^"]+)"/u.exec(page)?.groups?.["at"];
  if (script === undefined) throw new DemoFailure(`${url}: is not the page of the UI; run make ui`);
  await get(url, `/${script.replace(/^\.?\//u, "")}`);
  print(green(`${url} serves the page and its script`));
  if (password === undefined) return;
  const session = await fetch(`${url}/api/v1/session`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ username: "admin", password }),
  });
  const { token = "" } = (await session.json()) as { readonly token?: string };
  const application = await get(url, "/api/v1/applications/hello-world?fields=metadata.name", {
    authorization: `Bearer ${token}`,
  });
  if (!application.includes("hello-world"))
    throw new DemoFailure(`${url}: does not show hello-world: ${application}`);
  print(green("admin logs in and sees hello-world"));
}

async function get(url: string, at: string, headers: Readonly<Record<string, string>> = {}): Promise<string> {
  const answer = await fetch(`${url}${at}`, { headers });
  const body = await answer.text();
  if (!answer.ok) throw new DemoFailure(`${url}${at}: answered ${answer.status}: ${body.slice(0, 300)}`);
  return body;
}
