import { Readable } from "node:stream";
import { systemClock } from "#runtime/clock.ts";
import type { CliPorts } from "./ports.ts";

/** Ports without a cluster, a repository or a terminal: for tests of what needs none of them. */
export function createTestPorts(): CliPorts & { printed(): string; complained(): string } {
  let printed = "";
  let complained = "";
  const absent = (what: string) => () => Promise.reject(new Error(`this test has no ${what}`));
  const nothing = () => Readable.from([]) as AsyncIterable<string>;
  return {
    printed: () => printed,
    complained: () => complained,
    stdout: { isTTY: false, write: (text) => void (printed += text) },
    stderr: { isTTY: false, write: (text) => void (complained += text) },
    stdin: { isTTY: false, readLine: absent("terminal"), readAll: absent("input"), readChunks: nothing },
    env: {},
    userName: "ada",
    clock: systemClock,
    signal: new AbortController().signal,
    connect: absent("cluster"),
    logins: {
      read: () => Promise.resolve(undefined),
      change: absent("file of logins"),
      exclusively: absent("file of logins"),
    },
    connectApi: absent("server"),
    probeServer: absent("server"),
    startSso: absent("provider"),
    openBrowser: absent("browser"),
    openCluster: absent("cluster"),
    startGit: absent("git"),
    startRegistry: absent("registry"),
    startRenderer: absent("renderer"),
    startDataKeys: absent("keys"),
    startScripts: absent("scripts"),
    findDirectory: absent("directory"),
    openWorkRepository: absent("repository"),
    connectForge: absent("forge"),
    openSchemas: absent("schemas"),
    readFile: absent("file"),
    openAudit: absent("audit"),
    readChunks: nothing,
    replaceFiles: absent("file"),
    createPrivateFile: absent("file"),
    hashSecret: () => "hash",
    runController: absent("controller"),
    runServer: absent("server"),
    runUp: absent("up"),
  };
}
