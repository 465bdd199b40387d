import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { runCli } from "#cli/main.ts";
import type { CliPorts } from "#cli/ports.ts";
import { createCliPorts } from "#main/cli-ports.ts";

interface CliResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** The command line in this process, without a cluster. */
export interface PlainCli {
  readonly directory: string;
  /** Directories that were rendered, in order. */
  readonly rendered: readonly string[];
  run(...argv: readonly string[]): Promise<CliResult>;
  runWith(env: CliPorts["env"], ...argv: readonly string[]): Promise<CliResult>;
}

export async function startPlainCli(): Promise<PlainCli> {
  const directory = await mkdtemp(join(tmpdir(), "mooring-pre-merge-"));
  onTestFinished(async () => await rm(directory, { recursive: true, force: true }));
  const rendered: string[] = [];
  const runWith: PlainCli["runWith"] = async (env, ...argv) => {
    const stop = new AbortController();
    const ports = createCliPorts({ signal: stop.signal, env: { ...env, XDG_CACHE_HOME: directory } });
    let [out, err] = ["", ""];
    const code = await runCli(argv, {
      ...ports,
      stdout: { isTTY: false, write: (text) => void (out += text) },
      stderr: { isTTY: false, write: (text) => void (err += text) },
      startRenderer: async (options) => {
        const renderer = await ports.startRenderer(options);
        return {
          render: (request) => {
            rendered.push(request.path);
            return renderer.render(request);
          },
          [Symbol.asyncDispose]: () => renderer[Symbol.asyncDispose](),
        };
      },
    });
    stop.abort();
    return { code, out, err };
  };
  return { directory, rendered, runWith, run: (...argv) => runWith({}, ...argv) };
}

export const repositoryUrl = "https://git.example.com/shop/deploy.git";

/** An Application of the repository as a file declares it. */
export function application(name: string, path: string, more = ""): string {
  return `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: ${name}, namespace: argocd}
spec:
  project: default
  destination: {server: https://kubernetes.default.svc, namespace: shop}
  source:
    repoURL: ${repositoryUrl}
    path: ${path}
${more}`;
}

export function configMap(name: string, color: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {color: ${color}}\n`;
}
