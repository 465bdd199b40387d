import { escapeXml } from "../output/junit.ts";
import { formatWorkflowCommand } from "../output/workflow-command.ts";
import type { PushReport, ReportLine } from "./report.ts";

/** A workflow command of GitHub Actions for each object that failed, or one for the whole. */
export function formatGithubError({ app, phase, message, lines }: PushReport): readonly string[] {
  const failed = lines.filter(({ outcome }) => outcome === "failed");
  if (failed.length > 0) return failed.map((line) => githubLine(app, line));
  if (phase === "Succeeded") return [];
  // As the renderer tells places: `web/a.yaml:6 (document 2): …`.
  const { file = "", line } = /^(?<file>[^\s:]+):(?<line>\d+)\b/u.exec(message)?.groups ?? {};
  return [githubError(app, { file, line, text: message })];
}

function githubLine(app: string, { file, object, message }: ReportLine): string {
  return githubError(app, { file, line: undefined, text: `${object} ${message}` });
}

interface GithubError {
  readonly file: string;
  readonly line: string | undefined;
  readonly text: string;
}

function githubError(app: string, { file, line, text }: GithubError): string {
  return formatWorkflowCommand("error", { file, line, title: `mooring apply ${app}` }, text);
}

const millisecondsPerSecond = 1_000;

/** The begin or the end of a part of a GitLab job's log that can be folded. */
export function formatGitlabSection(
  edge: "start" | "end",
  { title, nowMs }: { readonly title: string; readonly nowMs: number },
): string {
  const seconds = Math.floor(nowMs / millisecondsPerSecond);
  return `\u001B[0Ksection_${edge}:${seconds}:mooring_apply\r\u001B[0K${title}`;
}

/** The objects as test cases; what failed as a whole is a case, too. */
export function formatJunit({ app, phase, message, lines }: PushReport): string {
  const whole: ReportLine = {
    object: "apply",
    namespace: "",
    outcome: phase === "Succeeded" ? "done" : "failed",
    message,
    file: "",
    origin: "",
  };
  const cases = [...lines, whole];
  const failures = cases.filter(({ outcome }) => outcome === "failed").length;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites tests="${cases.length}" failures="${failures}">`,
    `  <testsuite name="${escapeXml(`mooring apply ${app}`)}" tests="${cases.length}" failures="${failures}">`,
    ...cases.flatMap((line) => formatCase(line)),
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

function formatCase({ object, namespace, outcome, message, file }: ReportLine): readonly string[] {
  const name = namespace === "" ? object : `${namespace}/${object}`;
  const place = file === "" ? "" : ` file="${escapeXml(file)}"`;
  const open = `    <testcase classname="mooring.apply" name="${escapeXml(name)}"${place}>`;
  const tag = outcome === "failed" ? "failure" : "system-out";
  const body =
    outcome === "failed"
      ? `      <failure message="${escapeXml(message)}"/>`
      : `      <${tag}>${escapeXml(message)}</${tag}>`;
  return [open, body, "    </testcase>"];
}
