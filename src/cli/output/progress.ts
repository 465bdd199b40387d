import type { Application } from "#core/app/index.ts";
import { waitsForDependencies } from "#core/dependencies/index.ts";
import { formatDuration } from "#core/sync/index.ts";
import { formatTime } from "#runtime/clock.ts";
import type { CliPorts } from "../ports.ts";
import { paintStatus, stateCells, stateHeader } from "../view/app-details.ts";
import type { ResourceState } from "../view/resource-states.ts";
import { changedStates, viewResourceStates } from "../view/resource-states.ts";
import { LiveBlock } from "./live-block.ts";
import type { Paint } from "./paint.ts";
import { formatTable, oneLine } from "./table.ts";

/** Shows how an Application gets on, until it is closed. */
export interface ProgressView {
  update(app: Application): void;
  /** Leaves the last state on the screen. */
  close(): void;
}

export interface ProgressOptions {
  readonly paint: Paint;
  /** Before the live block's first line: `sync`, `wait`. */
  readonly verb: string;
}

/** Redrawn in place on a terminal; elsewhere a line for each change, with its time. Nothing for machine-readable output. */
export function createProgress(
  ports: CliPorts,
  options: ProgressOptions & { readonly quiet: boolean },
): ProgressView {
  if (options.quiet) return { update: () => undefined, close: () => undefined };
  return ports.stdout.isTTY && ports.env["TERM"] !== "dumb"
    ? createLiveProgress(ports, options)
    : createPlainProgress(ports);
}

/** Widths are fixed: what comes later is not known when the first line is printed. */
const plainWidths = [25, 18, 24, 20, 32, 12, 12, 10, 0];

function createPlainProgress({ stdout, clock }: CliPorts): ProgressView {
  let shown: ReadonlyMap<string, ResourceState> = new Map();
  let started = false;
  let waits = "";
  const line = (cells: readonly string[]) => {
    const padded = cells.map((cell, i) => cell.padEnd(plainWidths[i] ?? 0));
    stdout.write(`${padded.join(" ").trimEnd()}\n`);
  };
  return {
    update: (app) => {
      const states = viewResourceStates(app);
      const changes = changedStates(shown, states);
      if (!started) line(["TIMESTAMP", ...stateHeader]);
      started = true;
      for (const state of changes) line([formatTime(clock.now()), ...stateCells(state)]);
      shown = states;
      // Nothing of it has begun, so no object says what happens.
      const { operation, status } = app;
      const message = operation === undefined ? "" : (status?.operationState?.message ?? "");
      if (waitsForDependencies(message) && message !== waits)
        stdout.write(`${formatTime(clock.now()).padEnd(plainWidths[0] ?? 0)} ${oneLine(message)}\n`);
      waits = message;
    },
    close: () => undefined,
  };
}

function createLiveProgress(ports: CliPorts, { paint, verb }: ProgressOptions): ProgressView {
  const block = new LiveBlock(ports.stdout, ports.clock);
  let drawn = false;
  return {
    update: (app) => {
      drawn = true;
      block.update(formatLive(app, { paint, verb, nowMs: ports.clock.now() }));
    },
    close: () => {
      if (drawn) block.finish();
    },
  };
}

interface LiveOptions extends ProgressOptions {
  readonly nowMs: number;
}

/** The live block: one line on the operation, then the objects by wave. */
export function formatLive(app: Application, { paint, verb, nowMs }: LiveOptions): readonly string[] {
  const { operationState, sync, health } = app.status ?? {};
  const asked = app.operation !== undefined && operationState?.phase !== "Running";
  const phase = asked ? "Pending" : (operationState?.phase ?? "");
  const since = Date.parse(operationState?.startedAt ?? "");
  const until = operationState?.finishedAt === undefined ? nowMs : Date.parse(operationState.finishedAt);
  const took = asked || Number.isNaN(since) ? "" : formatDuration(Math.max(0, until - since));
  const head = [
    paint("bold", `${verb} ${app.metadata.name}`),
    paintStatus(phase, paint),
    took,
    paintStatus(sync?.status ?? "", paint),
    paintStatus(health?.status ?? "", paint),
    paint("dim", oneLine(asked ? "" : (operationState?.message ?? ""))),
  ].filter((part) => part !== "");
  const states = [...viewResourceStates(app).values()].toSorted(byWave);
  if (states.length === 0) return [head.join("  ")];
  const rows = states.map((state) => liveCells(state));
  const lines = formatTable([["WAVE", "KIND", "NAMESPACE", "NAME", "STATUS", "HEALTH", "MESSAGE"], ...rows])
    .trimEnd()
    .split("\n");
  return [
    head.join("  "),
    ...lines.map((line, i) => `  ${i === 0 ? paint("dim", line) : paintCells(line, paint)}`),
  ];
}

function paintCells(line: string, paint: Paint): string {
  return line.replaceAll(/(?<= {2})[A-Z][A-Za-z]+(?= {2}|$)/gu, (word) => paintStatus(word, paint));
}

const phaseOrder = ["PreSync", "", "Sync", "PostSync", "SyncFail"];

function byWave(a: ResourceState, b: ResourceState): number {
  return phaseOrder.indexOf(a.hook) - phaseOrder.indexOf(b.hook) || (a.wave ?? 0) - (b.wave ?? 0);
}

function liveCells(state: ResourceState): readonly string[] {
  const wave = state.hook === "" ? String(state.wave ?? 0) : state.hook;
  return [wave, state.kind, state.namespace, state.name, state.status, state.health, oneLine(state.message)];
}
