import { createPaint } from "../output/paint.ts";
import type { JunitCase } from "../output/junit.ts";
import { formatWorkflowCommand } from "../output/workflow-command.ts";
import { printValue } from "../output/print-value.ts";
import type { CliPorts } from "../ports.ts";
import type { Checked } from "./check-manifests.ts";
import type { Finding } from "./finding.ts";

interface Printing {
  readonly ports: CliPorts;
  readonly format: string | undefined;
  readonly color: string | undefined;
}

export function printFindings({ findings, objects }: Checked, { ports, format, color }: Printing): void {
  const count = (severity: Finding["severity"]) => findings.filter((one) => one.severity === severity).length;
  const [errors, warnings] = [count("error"), count("warning")];
  if (format === "json") {
    printValue(ports.stdout, "json", { objects, errors, warnings, findings: findings.map(jsonOf) });
    return;
  }
  const paint = createPaint(ports, ports.stdout, color);
  for (const finding of findings) {
    if (format === "github") ports.stdout.write(`${annotation(finding)}\n`);
    else {
      const { severity, message } = finding;
      const word = paint(severity === "error" ? "red" : "yellow", severity);
      ports.stdout.write(`${placeOf(finding)}: ${word}: ${about(finding)}${message}\n`);
    }
  }
  ports.stdout.write(`${objects} objects checked: ${errors} errors, ${warnings} warnings\n`);
}

function placeOf({ file, line }: Finding): string {
  return line === undefined ? file : `${file}:${line}`;
}

function about({ object }: Finding): string {
  return object === "" ? "" : `${object}: `;
}

function jsonOf({ severity, file, line, object, message }: Finding) {
  return {
    severity,
    file,
    ...(line === undefined ? {} : { line }),
    ...(object === "" ? {} : { object }),
    message,
  };
}

function annotation(finding: Finding): string {
  const { severity, file, line, message } = finding;
  return formatWorkflowCommand(severity, { file, line }, `${about(finding)}${message}`);
}

/** A case for each file that something is wrong with, and one that passes where there is none. */
export function junitCases({ findings, objects }: Checked): readonly JunitCase[] {
  if (findings.length === 0) return [{ name: `${objects} objects`, failure: undefined }];
  return findings.map((finding) => ({
    name: `${placeOf(finding)} ${finding.object}`.trimEnd(),
    file: finding.file,
    line: finding.line,
    failure: finding.severity === "error" ? finding.message : undefined,
  }));
}
