import { homedir } from "node:os";
import path from "node:path";
import type { ServerSettings } from "#cli/ports.ts";
import { isAbortError, messageOf, MooringError } from "#core/errors/index.ts";
import { hubConnection } from "./hub-connection.ts";
import { openRemoteView } from "./remote-live-view.ts";
import { serve } from "./serve.ts";

interface ServerProcessContext {
  /** Ends it. */
  readonly signal: AbortSignal;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Runs the server as a process of its own, which asks the controller that leads, until the signal aborts; the exit code. */
export async function runServerProcess(
  settings: ServerSettings,
  { signal, env }: ServerProcessContext,
): Promise<number> {
  try {
    refusePort("--port", settings.port);
    const server = serve(settings, {
      connection: await hubConnection(settings),
      data: settings.data ?? path.join(stateHome(env), "mooring", "server"),
      openView: openRemoteView,
      takesOther: false,
      env,
      say: (text) => void process.stderr.write(text),
      signal,
    });
    await server.ended;
    return 0;
  } catch (error) {
    if (signal.aborted && isAbortError(error)) return 0;
    process.stderr.write(`mooring: server: ${messageOf(error)}\n`);
    return 20;
  }
}

/** Where a user's programs keep what is to outlive them (XDG Base Directory Specification). */
function stateHome(env: ServerProcessContext["env"]): string {
  return env["XDG_STATE_HOME"] ?? path.join(homedir(), ".local", "state");
}

/** Throws CONFIG_INVALID for a port that is none. */
export function refusePort(flag: string, port = 0): void {
  if (Number.isSafeInteger(port) && port >= 0 && port <= 65_535) return;
  throw new MooringError(
    "CONFIG_INVALID",
    `${flag} is ${port}; it must be 0 to 65535, where 0 is any free one`,
  );
}
