import { dirname, join } from "node:path";
import { mkdirSync, writeFileSync } from "node:fs";
import { MooringError } from "#core/errors/index.ts";
import type { RepositoryAccess } from "#core/repo/access.ts";
import type { RepositoryUrl } from "#core/repo/index.ts";
import { openSecretFile, secretDirectory } from "./secret-files.ts";

/** Files that every git process of a store shares; none of them is secret. */
export interface GitHome {
  readonly directory: string;
  readonly configPath: string;
  readonly askpassPath: string;
  readonly secretDirectory: string;
}

export interface RemoteEnvironment extends Disposable {
  readonly environment: Readonly<Record<string, string>>;
}

/** Settings that hold for every git process, whatever the machine's configuration says. */
const settings: Readonly<Record<string, string>> = {
  "core.hooksPath": "/dev/null",
  "core.logAllRefUpdates": "false",
  "credential.helper": "",
  // git sends our credentials to wherever a redirect leads; Argo CD does not follow redirects either.
  "http.followRedirects": "false",
  "fetch.recurseSubmodules": "false",
  // A pack appears whole or not at all; loose objects would not, and a killed fetch would leave holes.
  "fetch.unpackLimit": "1",
  "fastimport.unpackLimit": "1",
  "gc.auto": "0",
  "maintenance.auto": "false",
  "init.defaultBranch": "main",
  "pack.threads": "2",
  "protocol.version": "2",
};

const inherited = ["PATH", "SSL_CERT_FILE", "SSL_CERT_DIR", "TMPDIR"] as const;
const inheritedProxies = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"].flatMap((name) => [
  name,
  name.toLowerCase(),
]);

/** Answers git's and ssh's questions with the content of a file that only we can open; the script itself holds no secret. */
const askpassScript = `#!/bin/sh
case $1 in
  Username*) exec cat "$MOORING_GIT_USERNAME" ;;
  *) exec cat "$MOORING_GIT_PASSWORD" ;;
esac
`;

export function openGitHome(directory: string): GitHome {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const configPath = join(directory, "config");
  // A file:// repository is often owned by someone else; it is read by upload-pack, which runs nothing that it contains.
  writeFileSync(configPath, "[safe]\n\tdirectory = *\n", { mode: 0o600 });
  const askpassPath = join(directory, "askpass.sh");
  writeFileSync(askpassPath, askpassScript, { mode: 0o700 });
  return {
    directory,
    configPath,
    askpassPath,
    secretDirectory: secretDirectory(join(directory, "secrets")),
  };
}

function pick(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

/** The environment of a git process that stays on this machine. Nothing of ours is inherited but PATH and its like. */
export function localEnvironment(home: GitHome): Record<string, string> {
  const entries = Object.entries(settings);
  return {
    ...pick(inherited),
    HOME: home.directory,
    LC_ALL: "C",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: home.configPath,
    // No repository around the store may lend its configuration to commands that run in none.
    GIT_CEILING_DIRECTORIES: dirname(home.directory),
    GIT_TERMINAL_PROMPT: "0",
    GIT_NO_LAZY_FETCH: "1",
    GIT_OPTIONAL_LOCKS: "0",
    GIT_ALLOW_PROTOCOL: "none",
    GIT_CONFIG_COUNT: String(entries.length),
    ...Object.fromEntries(
      entries.flatMap(([key, value], index) => [
        [`GIT_CONFIG_KEY_${index}`, key],
        [`GIT_CONFIG_VALUE_${index}`, value],
      ]),
    ),
  };
}

function quoteConfig(value: string): string {
  return `"${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

function oneLine(name: string, value: string): string {
  if (/[\r\n\0]/.test(value)) {
    throw new MooringError("GIT_INVALID", `repository credentials: the ${name} has a line break; remove it`);
  }
  return value;
}

/** Writes secrets to files and collects the paths by which git is told of them. */
class RemoteSettings implements RemoteEnvironment {
  readonly environment: Record<string, string>;
  readonly #files = new DisposableStack();
  readonly #home: GitHome;
  readonly #http: string[] = [];

  constructor(home: GitHome, transport: RepositoryUrl["transport"]) {
    this.#home = home;
    this.environment = { ...localEnvironment(home), GIT_ALLOW_PROTOCOL: transport };
  }

  [Symbol.dispose](): void {
    this.#files.dispose();
  }

  file(content: string): string {
    return this.#files.use(openSecretFile(this.#home.secretDirectory, content)).path;
  }

  http(name: string, value: string): void {
    this.#http.push(`\t${name} = ${quoteConfig(oneLine(name, value))}`);
  }

  answer(username: string | undefined, password: string): void {
    this.environment["GIT_ASKPASS"] = this.#home.askpassPath;
    this.environment["MOORING_GIT_USERNAME"] = this.file(`${oneLine("username", username ?? "")}\n`);
    this.environment["MOORING_GIT_PASSWORD"] = this.file(`${oneLine("password", password)}\n`);
  }

  finishHttp(): void {
    if (this.#http.length === 0) return;
    this.environment["GIT_CONFIG_GLOBAL"] = this.file(`[http]\n${this.#http.join("\n")}\n`);
  }
}

function withNewline(pem: string): string {
  return `${pem.replaceAll("\r\n", "\n").trim()}\n`;
}

function setHttp(settingsOf: RemoteSettings, repository: RepositoryAccess): void {
  const { credentials } = repository;
  if (repository.insecureSkipVerify) settingsOf.http("sslVerify", "false");
  if (repository.caCertificates !== undefined) {
    settingsOf.http("sslCAInfo", settingsOf.file(withNewline(repository.caCertificates)));
  }
  if (credentials.kind === "bearer")
    settingsOf.http("extraHeader", `Authorization: Bearer ${credentials.token}`);
  if (credentials.kind === "basic") settingsOf.answer(credentials.username, credentials.password);
  if (credentials.kind === "tls") {
    settingsOf.http("sslCert", settingsOf.file(withNewline(credentials.certificate)));
    settingsOf.http("sslKey", settingsOf.file(withNewline(credentials.key)));
    if (credentials.password !== undefined) settingsOf.answer(credentials.username, credentials.password);
  }
  setProxy(settingsOf, repository);
  settingsOf.finishHttp();
}

function setProxy(settingsOf: RemoteSettings, repository: RepositoryAccess): void {
  if (repository.proxyUrl === undefined) {
    Object.assign(settingsOf.environment, pick(inheritedProxies));
    return;
  }
  settingsOf.http("proxy", repository.proxyUrl);
  if (repository.noProxy !== undefined) settingsOf.environment["NO_PROXY"] = repository.noProxy;
}

function setSsh(settingsOf: RemoteSettings, repository: RepositoryAccess): void {
  const { credentials } = repository;
  if (repository.proxyUrl !== undefined) {
    throw new MooringError(
      "GIT_INVALID",
      `repository ${repository.url}: a proxy is not supported for SSH; remove the proxy or use an https URL`,
      { key: repository.url },
    );
  }
  const passphrase = credentials.kind === "ssh" ? credentials.passphrase : undefined;
  const options = {
    BatchMode: passphrase === undefined ? "yes" : "no",
    NumberOfPasswordPrompts: "1",
    PreferredAuthentications: "publickey",
    IdentitiesOnly: "yes",
    IdentityAgent: "none",
    ConnectTimeout: "10",
    ServerAliveInterval: "10",
    ClearAllForwardings: "yes",
    UpdateHostKeys: "no",
    StrictHostKeyChecking: repository.insecureSkipVerify ? "no" : "yes",
    GlobalKnownHostsFile: "/dev/null",
    UserKnownHostsFile: repository.insecureSkipVerify
      ? "/dev/null"
      : settingsOf.file(`${repository.sshKnownHosts ?? ""}\n`),
    IdentityFile: credentials.kind === "ssh" ? settingsOf.file(withNewline(credentials.privateKey)) : "none",
  };
  const flags = Object.entries(options).map(([name, value]) => `-o '${name}="${value}"'`);
  settingsOf.environment["GIT_SSH_COMMAND"] = `ssh -F /dev/null ${flags.join(" ")}`;
  settingsOf.environment["GIT_SSH_VARIANT"] = "ssh";
  if (passphrase === undefined) return;
  settingsOf.answer(undefined, passphrase);
  settingsOf.environment["SSH_ASKPASS"] = settingsOf.environment["GIT_ASKPASS"] ?? "";
  settingsOf.environment["SSH_ASKPASS_REQUIRE"] = "force";
}

/**
 * The environment of one git process that talks to a repository. Secrets are in files that its variables name, never in the
 * variables or the arguments; disposing it closes them. Throws GIT_INVALID for credentials that git cannot be given.
 */
export function openRemoteEnvironment(
  home: GitHome,
  repository: RepositoryAccess,
  url: RepositoryUrl,
): RemoteEnvironment {
  const opened = new RemoteSettings(home, url.transport);
  try {
    if (url.transport === "ssh") setSsh(opened, repository);
    else if (url.transport !== "file") setHttp(opened, repository);
    return opened;
  } catch (error) {
    opened[Symbol.dispose]();
    throw error;
  }
}
