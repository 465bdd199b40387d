import { setTimeout as sleep } from "node:timers/promises";
import { waitForApi } from "./api-server.ts";
import type { Components } from "./components.ts";
import type { RunningProcess } from "./processes.ts";
import type { ProcessSpec } from "./warden-protocol.ts";

const gracefulStopMs = 15_000;
const readyTimeoutMs = 60_000;

export interface StopOptions {
  /** SIGTERM, followed by SIGKILL after 15 s, unless told. */
  readonly signal?: "SIGTERM" | "SIGKILL";
}

export interface ApiServerControl {
  stopApiServer(options?: StopOptions): Promise<void>;
  /** On the same address and data; resolves when it is ready. */
  startApiServer(): Promise<void>;
  restartApiServer(options?: StopOptions): Promise<void>;
}

export interface ApiServerParts {
  readonly components: Components;
  readonly spec: ProcessSpec;
  readonly first: RunningProcess;
}

export function controlApiServer({ components, spec, first }: ApiServerParts): ApiServerControl {
  let current: RunningProcess | undefined = first;
  const stopApiServer = async (options: StopOptions = {}) => {
    if (current === undefined) return;
    const stopping = current;
    current = undefined;
    components.expectEnd(stopping);
    await stop(stopping, options.signal ?? "SIGTERM");
  };
  const startApiServer = async () => {
    current ??= await components.start(spec);
    await waitForApi(components.layout, "/readyz", { timeoutMs: readyTimeoutMs });
  };
  return {
    stopApiServer,
    startApiServer,
    restartApiServer: async (options) => {
      await stopApiServer(options);
      await startApiServer();
    },
  };
}

async function stop(process: RunningProcess, signal: "SIGTERM" | "SIGKILL"): Promise<void> {
  process.signal(signal);
  const deadline = new AbortController();
  const late = sleep(gracefulStopMs, "late", { signal: deadline.signal });
  const first = await Promise.race([process.exited, late]);
  deadline.abort();
  if (first === "late") process.signal("SIGKILL");
  await process.exited;
}
