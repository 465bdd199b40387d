import { MooringError } from "#core/errors/index.ts";
import type { JsonValue } from "#core/object/index.ts";
import type { WindowSpec } from "#core/windows/index.ts";
import { windowProblems } from "#core/windows/index.ts";
import type { Invocation } from "../../../command.ts";
import type { CliPorts } from "../../../ports.ts";
import { usageError } from "../../../usage-error.ts";
import { changeProject } from "../change-project.ts";

interface Change {
  readonly ports: CliPorts;
  /** The windows as they are to be. */
  readonly change: (windows: readonly WindowSpec[], subject: string) => readonly WindowSpec[];
}

/** Changes the windows of the project that a command line names. Throws APP_INVALID for windows that could not be kept. */
export async function changeWindows(invocation: Invocation, { ports, change }: Change): Promise<void> {
  await changeProject(invocation, {
    ports,
    change: ({ syncWindows: before = [] }, subject) => {
      const after = change(before, subject);
      refuseBroken(before, after, subject);
      return { syncWindows: after as JsonValue };
    },
  });
}

/** A window that was broken before may be deleted or mended while another one still is. */
function refuseBroken(before: readonly WindowSpec[], after: readonly WindowSpec[], subject: string): void {
  const known = new Set(before);
  const problems = after.flatMap((window, i) =>
    known.has(window)
      ? []
      : windowProblems(after).filter(({ path }) => path.startsWith(`spec.syncWindows[${i}].`)),
  );
  if (problems.length === 0) return;
  throw new MooringError("APP_INVALID", problems.map(({ message }) => `${subject}: ${message}`).join("\n"));
}

/** The window that a command line names by its ID, changed. Throws CLI_USAGE when there is none. */
export function changeOne(
  windows: readonly WindowSpec[],
  id: string,
  to: (window: WindowSpec) => WindowSpec | undefined,
): readonly WindowSpec[] {
  const at = /^\d+$/u.test(id) ? Number(id) : -1;
  if (windows[at] === undefined) {
    const there = windows.length === 0 ? "the project has none" : `there are 0 to ${windows.length - 1}`;
    throw usageError(
      `window ${JSON.stringify(id)}: there is no window of that ID, ${there}; see: mooring proj windows list`,
    );
  }
  return windows.flatMap((window, i) => {
    const changed = i === at ? to(window) : window;
    return changed === undefined ? [] : [changed];
  });
}

export const oneWindow = { usage: "PROJECT ID", min: 2, max: 2 } as const;
