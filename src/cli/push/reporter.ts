import { isAbortError, messageOf } from "#core/errors/index.ts";
import type { ObjectKey } from "#core/object/index.ts";
import type { JsonValue } from "#core/object/index.ts";
import type { Refusal } from "#core/sync/index.ts";
import { viewWait } from "#core/sync/index.ts";
import type { Desired } from "#engine/desired.ts";
import type { ActionResult, RunProgress } from "#engine/plan-run.ts";
import type { RunOutcome } from "#engine/run-plan.ts";
import type { Flags, FlagValues } from "../command.ts";
import { printValue } from "../output/print-value.ts";
import { exactOf } from "../output/shielded.ts";
import type { CliPorts } from "../ports.ts";
import { formatGithubError, formatGitlabSection, formatJunit } from "./annotations.ts";
import type { PushReport, ReportLine } from "./report.ts";
import { formatReportLine, lineFor } from "./report.ts";

export const reportFlags = {
  output: {
    type: "string",
    short: "o",
    choices: ["text", "github", "gitlab", "junit", "json"],
    description: "How it is told: text, with marks for GitHub or GitLab, or JUnit or JSON at the end",
  },
  junit: { type: "string", value: "FILE", description: "Also write a JUnit report to this file" },
} as const satisfies Flags;

/** Tells people and CI what an apply does, a line for each object as it is done. */
export interface Reporter {
  begin(digest: string): void;
  knowOrigins(desired: Desired): void;
  show(plan: string): void;
  refuse(refusals: readonly Refusal[]): void;
  wait(message: string): void;
  progress(progress: RunProgress): void;
  outcome(outcome: RunOutcome): void;
  /** What was waited for last. */
  lastWait(): string | undefined;
  end(): Promise<void>;
  /** Tells CI of what is thrown; people read it from whoever catches it. */
  fail(error: unknown): Promise<void>;
}

interface ReporterContext {
  readonly ports: CliPorts;
  readonly app: string;
  /** The application's namespace. */
  readonly home: string;
}

export function createReporter(flags: FlagValues<typeof reportFlags>, context: ReporterContext): Reporter {
  return new PushReporter(flags, context);
}

class PushReporter implements Reporter {
  readonly #flags: FlagValues<typeof reportFlags>;
  readonly #context: ReporterContext;
  /** By phase and key: what was said of it. */
  readonly #said = new Map<string, ReportLine>();
  #origins: ReadonlyMap<ObjectKey, string> = new Map();
  #report: Omit<PushReport, "lines">;
  #lastWait: string | undefined;
  #isOpen = false;

  constructor(flags: FlagValues<typeof reportFlags>, context: ReporterContext) {
    this.#flags = flags;
    this.#context = context;
    this.#report = { app: context.app, digest: "", phase: "Running", message: "" };
  }

  begin(digest: string): void {
    this.#report = { ...this.#report, digest };
    const title = `applying ${this.#context.app}, plan ${digest}`;
    if (this.#flags.output === "github") this.#say(`::group::${title}`);
    else if (this.#flags.output === "gitlab") this.#markSection("start", title);
    else this.#say(title);
    this.#isOpen = true;
  }

  knowOrigins({ objects }: Desired): void {
    this.#origins = new Map(objects.map(({ key, origin }) => [key, origin]));
  }

  show(plan: string): void {
    this.#say(plan);
  }

  refuse(refusals: readonly Refusal[]): void {
    const message = refusals.map((one) => `refused by ${one.guard}: ${one.message}`).join("\n");
    this.#report = { ...this.#report, phase: "Failed", message };
  }

  wait(message: string): void {
    if (message === this.#lastWait) return;
    this.#lastWait = message;
    this.#say(message);
  }

  progress({ message, waiting, results }: RunProgress): void {
    for (const result of results) this.#tell(result);
    if (waiting) this.wait(viewWait(message).replace(/, since \S+$/u, ""));
  }

  outcome({ phase, message, results }: RunOutcome): void {
    for (const result of results) this.#tell(result);
    this.#report = { ...this.#report, phase, message };
  }

  lastWait(): string | undefined {
    return this.#lastWait;
  }

  async end(): Promise<void> {
    const { phase, message } = this.#report;
    this.#close();
    this.#say(`${this.#context.app}: ${phase.toLowerCase()}${message === "" ? "" : `, ${message}`}`);
    await this.#conclude();
  }

  async fail(error: unknown): Promise<void> {
    this.#close();
    if (isAbortError(error)) return;
    this.#report = { ...this.#report, phase: "Error", message: messageOf(error) };
    await this.#conclude();
  }

  #tell(result: ActionResult): void {
    const id = `${result.phase} ${result.key}`;
    const line = lineFor(result, this.#origins);
    if (this.#said.get(id)?.message === line.message) return;
    this.#said.set(id, line);
    this.#say(formatReportLine(line, this.#context.home));
  }

  #close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    if (this.#flags.output === "github") this.#say("::endgroup::");
    if (this.#flags.output === "gitlab") this.#markSection("end", "");
  }

  async #conclude(): Promise<void> {
    const report: PushReport = { ...this.#report, lines: [...this.#said.values()] };
    const { stdout } = this.#context.ports;
    if (this.#flags.output === "github")
      for (const line of formatGithubError(report)) stdout.write(`${line}\n`);
    if (this.#flags.output === "junit") stdout.write(formatJunit(report));
    if (this.#flags.output === "json") printValue(stdout, "json", report as unknown as JsonValue);
    if (this.#flags.junit === undefined) return;
    await using file = await this.#context.ports.createPrivateFile(this.#flags.junit);
    await file.write(formatJunit(report));
    await file.commit();
  }

  /** The marks act on the log; there is nothing in them that came from elsewhere. */
  #markSection(edge: "start" | "end", title: string): void {
    const { stdout, clock } = this.#context.ports;
    exactOf(stdout).write(`${formatGitlabSection(edge, { title, nowMs: clock.now() })}\n`);
  }

  /** What machines read stands alone on standard output. */
  #say(text: string): void {
    const { stdout, stderr } = this.#context.ports;
    const isForMachines = this.#flags.output === "json" || this.#flags.output === "junit";
    (isForMachines ? stderr : stdout).write(`${text}\n`);
  }
}
