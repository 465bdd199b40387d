import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Layout } from "./layout.ts";
import type { Processes, RunningProcess } from "./processes.ts";
import type { ProcessSpec } from "./warden-protocol.ts";

const logBytes = 3000;

/** A program of the control plane ended without being told to. */
export class ComponentError extends Error {
  override readonly name = "ComponentError";
  /** Whether another process took its port, so that another port may do. */
  readonly portTaken: boolean;

  constructor(message: string, portTaken: boolean) {
    super(message);
    this.portTaken = portTaken;
  }
}

/** The programs of one control plane. */
export interface Components {
  readonly layout: Layout;
  /** Resolves when the first of them ends without being told to, with the end of its log. */
  readonly failure: Promise<ComponentError>;
  start(spec: ProcessSpec): Promise<RunningProcess>;
  /** The end of this process is no failure. */
  expectEnd(process: RunningProcess): void;
  expectAll(): void;
}

export function createComponents(processes: Processes, layout: Layout): Components {
  const running = new Set<RunningProcess>();
  const failure = Promise.withResolvers<ComponentError>();
  const watch = async (process: RunningProcess) => {
    const status = await process.exited;
    if (running.delete(process)) failure.resolve(await describeEnd(process, status, layout.directory));
  };
  return {
    layout,
    failure: failure.promise,
    start: async (spec) => {
      const process = await processes.start(spec);
      running.add(process);
      watch(process).catch(failure.reject);
      return process;
    },
    expectEnd: (process) => void running.delete(process),
    expectAll: () => running.clear(),
  };
}

async function describeEnd(
  process: RunningProcess,
  status: string,
  directory: string,
): Promise<ComponentError> {
  const log = (await readFile(join(directory, `${process.name}.log`), "utf8")).slice(-logBytes);
  return new ComponentError(
    `${process.name}: ended with ${status}:\n${log}`,
    log.includes("address already in use"),
  );
}
