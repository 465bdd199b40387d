import { spawn } from "node:child_process";
import { once } from "node:events";

const openers: Partial<Readonly<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ["open"],
  win32: ["rundll32", "url.dll,FileProtocolHandler"],
};

/** Shows a URL in the user's browser, which goes on without this process. Rejects where none can be started. */
export async function openBrowser(url: string): Promise<void> {
  const [program, ...args] = openers[process.platform] ?? ["xdg-open"];
  const child = spawn(program, [...args, url], { stdio: "ignore", detached: true });
  await once(child, "spawn");
  child.unref();
}
