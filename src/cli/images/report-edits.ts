import { editLines } from "#engine/images/commit-message.ts";
import type { EditedPath } from "#engine/images/edit-files.ts";
import { printValue } from "../output/print-value.ts";
import type { CliPorts } from "../ports.ts";

interface Reporting {
  readonly output: string | undefined;
  /** The commit that holds the edits. */
  readonly commit?: string | undefined;
  /** The address of its pull request. */
  readonly proposed?: string | undefined;
  readonly ports: CliPorts;
}

/** Says what was written where; for programs as a list. */
export function reportEdits(
  files: readonly EditedPath[],
  { output, commit, proposed, ports }: Reporting,
): void {
  const told = {
    ...(commit === undefined ? {} : { commit }),
    ...(proposed === undefined ? {} : { proposed }),
  };
  for (const { path, left } of files) {
    if (left !== undefined) ports.stderr.write(`${path}: left alone: ${left}\n`);
  }
  if (output === "json" || output === "yaml") {
    const edits = files.flatMap(({ path, edits: made }) =>
      made.map((edit) => ({ file: path, ...edit, ...told })),
    );
    printValue(ports.stdout, output, edits);
    return;
  }
  const lines = editLines(files);
  ports.stdout.write(lines.length === 0 ? "nothing to change\n" : lines.map((line) => `${line}\n`).join(""));
  if (commit !== undefined) ports.stdout.write(`committed ${commit}\n`);
  if (proposed !== undefined) ports.stdout.write(`proposed ${proposed}\n`);
}
