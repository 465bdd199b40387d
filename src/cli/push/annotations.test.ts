import { describe, expect, it } from "vitest";
import { formatGithubError, formatGitlabSection, formatJunit } from "./annotations.ts";
import type { PushReport, ReportLine } from "./report.ts";

const line = (parts: Partial<ReportLine>): ReportLine => ({
  object: "configmap/a",
  namespace: "shop",
  outcome: "done",
  message: "created",
  file: "web/a.yaml",
  origin: "web/a.yaml#1",
  ...parts,
});
const report = (parts: Partial<PushReport>): PushReport => ({
  app: "web",
  digest: "sha256:0",
  phase: "Succeeded",
  message: "done",
  lines: [line({})],
  ...parts,
});

describe("GitHub annotations", () => {
  it("name the file of each object that failed", () => {
    const failed = line({ outcome: "failed", message: "failed: 100% wrong" });
    expect(formatGithubError(report({ phase: "Failed", lines: [line({}), failed] }))).toEqual([
      "::error file=web/a.yaml,title=mooring apply web::configmap/a failed: 100%25 wrong",
    ]);
  });

  it("name file and line of what cannot be rendered", () => {
    const message = "web/a.yaml:6 (document 2): indentation does not fit the lines before it";
    expect(formatGithubError(report({ phase: "Error", message, lines: [] }))).toEqual([
      `::error file=web/a.yaml,line=6,title=mooring apply web::${message}`,
    ]);
  });

  it("are one for a failure of the whole, and none for a success", () => {
    expect(formatGithubError(report({ phase: "Error", message: "cluster: is gone" }))).toEqual([
      "::error title=mooring apply web::cluster: is gone",
    ]);
    expect(formatGithubError(report({}))).toEqual([]);
  });

  it("let no message begin a command of its own", () => {
    const evil = line({ outcome: "failed", message: "no\n::set-output name=x::y\r\n", file: "a,b:c\n.yaml" });
    expect(formatGithubError(report({ lines: [evil] }))).toEqual([
      "::error file=a%2Cb%3Ac%0A.yaml,title=mooring apply web::configmap/a no%0A::set-output name=x::y%0D%0A",
    ]);
  });
});

it("a section of a GitLab log begins and ends with the same name, in whole seconds", () => {
  const at = { title: "applying web", nowMs: 1_700_000_000_999 };
  expect(formatGitlabSection("start", at)).toBe(
    "\u001B[0Ksection_start:1700000000:mooring_apply\r\u001B[0Kapplying web",
  );
  expect(formatGitlabSection("end", { ...at, title: "" })).toBe(
    "\u001B[0Ksection_end:1700000000:mooring_apply\r\u001B[0K",
  );
});

describe("a JUnit report", () => {
  it("has a case for each object and one for the whole", () => {
    const failed = line({ object: "job/x", outcome: "failed", message: "failed: <no>" });
    expect(formatJunit(report({ phase: "Failed", message: "one failed", lines: [line({}), failed] }))).toBe(
      `<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="3" failures="2">
  <testsuite name="mooring apply web" tests="3" failures="2">
    <testcase classname="mooring.apply" name="shop/configmap/a" file="web/a.yaml">
      <system-out>created</system-out>
    </testcase>
    <testcase classname="mooring.apply" name="shop/job/x" file="web/a.yaml">
      <failure message="failed: &lt;no&gt;"/>
    </testcase>
    <testcase classname="mooring.apply" name="apply">
      <failure message="one failed"/>
    </testcase>
  </testsuite>
</testsuites>
`,
    );
  });

  it("stays XML whatever a server answers", () => {
    const evil = line({ outcome: "failed", message: 'a\u0000b\u001B[31m "c" & <d>\nnext' });
    expect(formatJunit(report({ lines: [evil] }))).toContain(
      'message="a�b�[31m &quot;c&quot; &amp; &lt;d&gt;&#10;next"',
    );
  });
});
