import { runCli } from "#cli/main.ts";
import type { CliPorts } from "#cli/ports.ts";
import { createCliPorts } from "#main/cli-ports.ts";

interface CliResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** The command line in this process, of somebody whose home is `home`. */
export interface HomeCli {
  readonly home: string;
  run(...argv: readonly string[]): Promise<CliResult>;
  runWith(
    given: { readonly input?: string; readonly env?: CliPorts["env"]; readonly ports?: Partial<CliPorts> },
    ...argv: readonly string[]
  ): Promise<CliResult>;
}

export function openHome(home: string): HomeCli {
  const runWith: HomeCli["runWith"] = async ({ input = "", env = {}, ports: own = {} }, ...argv) => {
    const stop = new AbortController();
    const ports = createCliPorts({
      signal: stop.signal,
      env: { HOME: home, XDG_CACHE_HOME: `${home}/.cache`, USER: "ada", ...env },
    });
    let out = "";
    let err = "";
    const code = await runCli(argv, {
      ...ports,
      stdout: { isTTY: false, write: (text) => void (out += text) },
      stderr: { isTTY: false, write: (text) => void (err += text) },
      stdin: { ...ports.stdin, isTTY: false, readAll: () => Promise.resolve(input) },
      ...own,
    });
    stop.abort();
    return { code, out, err };
  };
  return { home, runWith, run: (...argv) => runWith({}, ...argv) };
}
