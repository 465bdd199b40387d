import type { Application } from "#core/app/index.ts";
import type { JsonValue } from "#core/object/index.ts";
import type { CliHub } from "../hub.ts";
import type { CliPorts } from "../ports.ts";
import { formatDetails, formatSummary } from "../view/app-details.ts";
import { readDependencies } from "../view/dependencies.ts";
import { readWindows } from "../view/windows.ts";
import { createPaint } from "./paint.ts";
import { printValue, shownApplication } from "./print-value.ts";

export const outputFlag = {
  output: {
    type: "string",
    short: "o",
    choices: ["wide", "json", "yaml", "tree", "tree=detailed"],
    description: "Output format",
  },
} as const;

export interface PrintAppOptions {
  readonly hub: CliHub;
  readonly ports: CliPorts;
  readonly output: string | undefined;
  readonly color: string | undefined;
  readonly showOperation: boolean;
}

/** Prints an Application in the format asked for. */
export async function printApplication(app: Application, options: PrintAppOptions): Promise<void> {
  const { hub, ports, output, showOperation } = options;
  if (output === "json" || output === "yaml") {
    printValue(ports.stdout, output, shownApplication(app) as JsonValue);
    return;
  }
  const paint = createPaint(ports, ports.stdout, options.color);
  const [windows, dependencies] = await Promise.all([
    readWindows(app, hub, ports),
    readDependencies(app, hub, { deep: false, signal: ports.signal }),
  ]);
  const around = { windows, dependencies };
  if (output === undefined || output === "wide") {
    ports.stdout.write(formatDetails(app, { showOperation, paint, around }));
    return;
  }
  const { readTree, formatTree } = await import("../view/tree.ts");
  const tree = await readTree(app, hub, ports);
  const detailed = output === "tree=detailed";
  const text = formatTree(tree, { detailed, paint, nowMs: ports.clock.now() });
  ports.stdout.write(`${formatSummary(app, paint, around)}\n${text}`);
}

/** True where the output is for a program and nothing else may be printed. */
export function isMachineReadable(output: string | undefined): boolean {
  return output === "json" || output === "yaml";
}
