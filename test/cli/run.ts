import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { onTestFinished } from "vitest";
import { runCli } from "#cli/main.ts";
import type { CliPorts } from "#cli/ports.ts";
import { createCliPorts } from "#main/cli-ports.ts";
import { controlPlane, testNamespace } from "#test/control-plane/fixture.ts";

interface CliResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** The command line in this process, on the run's control plane, with a control-plane namespace of its own. */
export interface TestCli {
  readonly namespace: string;
  readonly directory: string;
  run(...argv: readonly string[]): Promise<CliResult>;
  /** With this on standard input, and environment; with an answer standard input is a terminal, where each question gets it. */
  runWith(
    given: { readonly input?: string; readonly env?: CliPorts["env"]; readonly answer?: string },
    ...argv: readonly string[]
  ): Promise<CliResult>;
}

/** The command line on a control-plane namespace that holds the CRDs already. */
export function openCli(
  { namespace, directory }: Pick<TestCli, "namespace" | "directory">,
  kubeconfig: string = controlPlane().kubeconfigPath,
): TestCli {
  const where = ["--kubeconfig", kubeconfig, "-n", namespace];
  const runWith: TestCli["runWith"] = async ({ input = "", env = {}, answer }, ...argv) => {
    const stop = new AbortController();
    const ports = createCliPorts({
      signal: stop.signal,
      env: { ...env, XDG_CACHE_HOME: directory, USER: "ada" },
    });
    let out = "";
    let err = "";
    const code = await runCli([...where, ...argv], {
      ...ports,
      stdout: { isTTY: false, write: (text) => void (out += text) },
      stderr: { isTTY: false, write: (text) => void (err += text) },
      stdin: {
        ...ports.stdin,
        isTTY: answer !== undefined,
        readLine: (question) => {
          if (answer === undefined) return ports.stdin.readLine(question);
          out += question;
          return Promise.resolve(answer);
        },
        readAll: () => Promise.resolve(input),
        readChunks: () => Readable.from([input]),
      },
    });
    stop.abort();
    return { code, out, err };
  };
  return { namespace, directory, runWith, run: (...argv) => runWith({}, ...argv) };
}

export async function startCli(prefix: string): Promise<TestCli> {
  const namespace = await testNamespace(prefix);
  const directory = await mkdtemp(join(tmpdir(), "mooring-cli-"));
  onTestFinished(async () => await rm(directory, { recursive: true, force: true }));
  const cli = openCli({ namespace, directory });
  const { code, err } = await cli.run("install", "--apply", "--crds-only");
  if (code !== 0) throw new Error(`install failed: ${err}`);
  return cli;
}
