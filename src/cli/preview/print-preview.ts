import { parseObjectKey } from "#core/object/index.ts";
import type { JsonValue } from "#core/object/index.ts";
import type { PreviewReport } from "#core/preview/index.ts";
import { countChanges, formatMarkdown } from "#core/preview/index.ts";
import { paintDiff } from "../diff-application.ts";
import type { JunitCase } from "../output/junit.ts";
import { createPaint } from "../output/paint.ts";
import { printValue } from "../output/print-value.ts";
import { exactOf } from "../output/shielded.ts";
import type { CliPorts } from "../ports.ts";

interface Printing {
  readonly ports: CliPorts;
  readonly format: string | undefined;
  readonly color: string | undefined;
  readonly id: string | undefined;
}

export function printPreview(report: PreviewReport, { ports, format, color, id }: Printing): void {
  if (format === "json") printValue(ports.stdout, "json", jsonOf(report));
  else if (format === "markdown")
    exactOf(ports.stdout).write(formatMarkdown(report, id === undefined ? {} : { id }));
  else printText(report, ports, color);
}

function printText({ apps, total, notes }: PreviewReport, ports: CliPorts, color: string | undefined): void {
  const paint = createPaint(ports, ports.stdout, color);
  for (const app of apps) {
    const place = app.file === undefined ? "" : ` (${app.file}:${app.line})`;
    const { added, changed, removed } = countChanges(app.objects);
    const counts =
      app.error === undefined ? `, objects: ${added} added, ${changed} changed, ${removed} removed` : "";
    const lines = [paint("bold", `# ${app.name}${place}: ${app.change}${counts}`)];
    if (app.error !== undefined) lines.push(paint("red", app.error));
    for (const { change, key, lines: diff } of app.objects) {
      const { group, kind, namespace, name } = parseObjectKey(key);
      const object = namespace === "" ? name : `${namespace}/${name}`;
      lines.push(
        paint("bold", `===== ${group}/${kind} ${object} ====== ${change}`),
        ...paintDiff(diff, paint),
      );
    }
    ports.stdout.write(`${lines.join("\n")}\n\n`);
  }
  const differing = apps.filter(({ change }) => change !== "unchanged" && change !== "failed").length;
  const failed = apps.filter(({ change }) => change === "failed").length;
  const failing = failed === 0 ? "" : `, ${failed} cannot be rendered`;
  ports.stdout.write(`${differing} of ${total} applications change${failing}\n`);
  for (const note of notes) ports.stderr.write(`${paint("yellow", `# ${note}`)}\n`);
}

function jsonOf({ base, head, apps, total, notes }: PreviewReport): JsonValue {
  return {
    base,
    head,
    total,
    notes: [...notes],
    apps: apps.map(({ name, file, line, change, objects, error }) => ({
      name,
      ...(file === undefined ? {} : { file }),
      ...(line === undefined ? {} : { line }),
      change,
      ...(error === undefined ? {} : { error }),
      objects: objects.map((object) => ({
        change: object.change,
        ...parseObjectKey(object.key),
        diff: paintDiff(object.lines, (_color, text) => text).join("\n"),
      })),
    })),
  };
}

/** What cannot be rendered fails; a difference is none. */
export function junitCases({ apps }: PreviewReport): readonly JunitCase[] {
  return apps.map(({ name, file, line, error }) => ({ name, file, line, failure: error }));
}
