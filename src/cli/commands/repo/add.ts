import type { ApiClient } from "#api/contract/api-client.ts";
import { MooringError } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { jsonEqual } from "#core/object/index.ts";
import {
  formatRepositorySecret,
  parseRegistryUrl,
  parseRepositorySecret,
  parseRepositoryUrl,
  scrubUrls,
  withRepository,
} from "#core/repo/index.ts";
import type { Invocation } from "../../command.ts";
import { defineCommand } from "../../command.ts";
import { readConfig } from "../../config.ts";
import type { CliHub } from "../../hub.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { cliFieldManager, openHub } from "../../hub.ts";
import type { CliPorts } from "../../ports.ts";
import { readText } from "../../read-text.ts";
import { openRepositoryTests } from "../../repository-tests.ts";
import { usageError } from "../../usage-error.ts";

const flags = {
  username: { type: "string", value: "NAME", description: "User name" },
  password: {
    type: "string",
    value: "TEXT",
    description:
      "Password or token; better by --password-stdin or MOORING_REPO_PASSWORD: command lines can be seen by others",
  },
  "password-stdin": { type: "boolean", description: "Read the password from standard input" },
  "bearer-token": {
    type: "string",
    value: "TEXT",
    description: "Token sent as bearer; better by MOORING_REPO_BEARER_TOKEN",
  },
  "ssh-private-key-path": { type: "string", value: "FILE", description: "SSH private key" },
  "tls-client-cert-path": { type: "string", value: "FILE", description: "TLS client certificate, PEM" },
  "tls-client-cert-key-path": {
    type: "string",
    value: "FILE",
    description: "Key of the TLS client certificate, PEM",
  },
  "insecure-skip-server-verification": {
    type: "boolean",
    description: "Check neither certificate nor host key",
  },
  "insecure-ignore-host-key": { type: "boolean", description: "The same, by its older name" },
  "enable-lfs": { type: "boolean", description: "Fetch Git LFS objects" },
  proxy: { type: "string", value: "URL", description: "Proxy to reach it through" },
  "no-proxy": { type: "string", value: "HOSTS", description: "Hosts that are reached without the proxy" },
  name: { type: "string", value: "NAME", description: "A name for people" },
  project: { type: "string", value: "NAME", description: "Only for applications of this project" },
  type: {
    type: "string",
    choices: ["git", "helm", "oci"],
    description: "Kind of repository; git unless told",
  },
  "enable-oci": { type: "boolean", description: "The Helm repository is an OCI registry" },
  "insecure-oci-force-http": { type: "boolean", description: "Speak to the registry without TLS" },
  upsert: { type: "boolean", description: "Change a repository that exists with other settings" },
  "skip-test": { type: "boolean", description: "Do not ask the repository first" },
} as const;

type AddFlags = Invocation<typeof flags>["flags"];

export const command = defineCommand({
  name: "repo add",
  summary: "Add a repository",
  details: "Asks the repository with these credentials before anything is written.",
  examples: [
    "mooring repo add git@git.example.com:shop.git --ssh-private-key-path ~/.ssh/deploy",
    "pass show git | mooring repo add https://git.example.com/shop.git --username ci --password-stdin",
    "mooring repo add https://charts.example.com --type helm --name stable",
    "mooring repo add registry.example.com/charts --type helm --name charts --enable-oci",
    "mooring repo add oci://registry.example.com/apps --type oci",
  ],
  args: { usage: "REPOURL", min: 1, max: 1 },
  flags,
  run: async (invocation, ports) => {
    const given = invocation.flags;
    const url = urlOf(invocation.args[0] ?? "", given);
    const secrets = await readSecrets(url, given, ports);
    await using hub = await openHub(invocation, ports);
    if (hub.api !== undefined) {
      await addOverServer({ ...fieldsOf(url, given), ...secrets }, { api: hub.api, given, ports });
      ports.stdout.write(`Repository '${scrubUrls(url)}' added\n`);
      return 0;
    }
    const secret = formatRepositorySecret({ ...fieldsOf(url, given), ...secrets }, hub.namespace);
    if (given["skip-test"] !== true) await testRepository(secret, { hub, ports });
    await writeSecret(secret, url, { hub, ports, upsert: given.upsert === true });
    ports.stdout.write(`Repository '${scrubUrls(url)}' added\n`);
    return 0;
  },
});

interface Adding {
  readonly api: ApiClient;
  readonly given: AddFlags;
  readonly ports: CliPorts;
}

/** Has a server ask the repository with these credentials, unless that is left out, and keep it. */
async function addOverServer(
  fields: ReturnType<typeof fieldsOf> & Awaited<ReturnType<typeof readSecrets>>,
  { api, given, ports: { signal } }: Adding,
): Promise<void> {
  const { url: repo, insecure: _text, enableLfs: _lfs, enableOCI: _oci, ...texts } = fields;
  const { insecureOCIForceHttp: _http, ...rest } = texts;
  const flags = {
    insecure: insecureOf(given),
    enableLfs: given["enable-lfs"] === true,
    enableOCI: given["enable-oci"] === true,
    insecureOCIForceHttp: given["insecure-oci-force-http"] === true,
  };
  const set = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  const repository = { ...set, ...flags, repo };
  if (given["skip-test"] !== true) {
    const { insecureOCIForceHttp, enableOCI: enableOci, ...asked } = repository;
    await api.ask.repository.validateAccess(
      { ...asked, enableOci, insecureOciForceHttp: insecureOCIForceHttp },
      signal,
    );
  }
  await api.ask.repository.createRepository({ repo: repository, upsert: given.upsert === true }, signal);
}

/** The URL as Argo CD's Secret has it, once the flags fit together and it can be read. */
function urlOf(text: string, given: AddFlags): string {
  const type = given.type ?? "git";
  const shown = scrubUrls(text);
  if (type !== "helm" && given["enable-oci"] === true) {
    throw usageError(`repository ${shown}: --enable-oci goes with --type helm; add it, or use --type oci`);
  }
  if (type === "git") {
    parseRepositoryUrl(text);
    return text;
  }
  const { scheme } = parseRegistryUrl(text);
  if (type === "oci") {
    if (scheme === "oci" && text.includes("://")) return text;
    throw usageError(
      `repository ${shown}: a registry's URL begins with oci://; correct it, or use --type helm`,
    );
  }
  if ((given.name ?? "") === "") {
    throw usageError(`repository ${shown}: a Helm repository needs a name; add --name`);
  }
  if ((scheme === "oci") === (given["enable-oci"] === true)) return text.replace(/^oci:\/\//i, "");
  const advice =
    scheme === "oci"
      ? "is a registry; add --enable-oci, or write https://"
      : "is no registry; remove --enable-oci, or write the URL without https://";
  throw usageError(`repository ${shown}: ${advice}`);
}

function fieldsOf(url: string, given: AddFlags) {
  const flag = (set: boolean | undefined) => (set === true ? "true" : undefined);
  return {
    url,
    type: given.type ?? "git",
    name: given.name,
    project: given.project,
    insecure: flag(insecureOf(given)),
    enableLfs: flag(given["enable-lfs"]),
    enableOCI: flag(given["enable-oci"]),
    insecureOCIForceHttp: flag(given["insecure-oci-force-http"]),
    proxy: given.proxy,
    noProxy: given["no-proxy"],
  };
}

function insecureOf(given: AddFlags): boolean {
  return given["insecure-skip-server-verification"] === true || given["insecure-ignore-host-key"] === true;
}

/** Passwords and keys, from where others cannot read them if possible. */
async function readSecrets(url: string, given: AddFlags, ports: CliPorts) {
  const isSsh = (given.type ?? "git") === "git" && parseRepositoryUrl(url).transport === "ssh";
  const key = given["ssh-private-key-path"];
  const certificate = given["tls-client-cert-path"];
  const certificateKey = given["tls-client-cert-key-path"];
  if (key !== undefined && !isSsh) {
    throw usageError(
      `repository ${scrubUrls(url)}: an SSH key has no effect with it; use an ssh:// or git@host:path URL of a Git repository`,
    );
  }
  if ((certificate === undefined) !== (certificateKey === undefined)) {
    throw usageError(
      "flags --tls-client-cert-path and --tls-client-cert-key-path go together; add the other one",
    );
  }
  for (const flag of ["password", "bearer-token"] as const) {
    if (given[flag] !== undefined) {
      ports.stderr.write(
        `mooring: warning: --${flag} can be seen in the list of processes and in the shell's history\n`,
      );
    }
  }
  return {
    username: given.username,
    password: await passwordOf(url, given, ports),
    bearerToken: given["bearer-token"] ?? ports.env["MOORING_REPO_BEARER_TOKEN"],
    sshPrivateKey: await readKey(key, ports),
    tlsClientCertData: await readKey(certificate, ports),
    tlsClientCertKey: await readKey(certificateKey, ports),
  };
}

async function passwordOf(url: string, given: AddFlags, ports: CliPorts): Promise<string | undefined> {
  if (given["password-stdin"] === true) return (await ports.stdin.readAll()).replace(/\r?\n$/u, "");
  const known = given.password ?? ports.env["MOORING_REPO_PASSWORD"];
  if (known !== undefined || given.username === undefined || !ports.stdin.isTTY) return known;
  return ports.stdin.readLine(`Password of ${given.username} for ${scrubUrls(url)}: `, { hidden: true });
}

async function readKey(file: string | undefined, ports: CliPorts): Promise<string | undefined> {
  return file === undefined ? undefined : readText(file, ports);
}

interface Request {
  readonly hub: CliHub;
  readonly ports: CliPorts;
}

/** Asks the repository as it will be once this Secret is there: known hosts, certificates and templates included. */
async function testRepository(secret: KubeObject, { hub, ports }: Request): Promise<void> {
  const { repositories } = await readConfig(hub, ports);
  const wanted = parseRepositorySecret(secret);
  await using tests = openRepositoryTests(ports);
  await tests.test(wanted, withRepository(repositories, wanted));
}

async function writeSecret(
  secret: KubeObject,
  url: string,
  { hub, ports, upsert }: Request & { readonly upsert: boolean },
): Promise<void> {
  const { signal } = ports;
  const { namespace = "", name = "" } = secret.metadata;
  const ref = { type: hubTypes.secret, namespace, name };
  const options = { fieldManager: cliFieldManager, signal };
  const existing = await hub.cluster.read(ref, signal);
  if (existing === undefined) {
    await hub.cluster.create(ref.type, secret, options);
    return;
  }
  if (jsonEqual(existing["data"], secret["data"])) return;
  if (!upsert) {
    throw new MooringError(
      "APP_EXISTS",
      `repository ${scrubUrls(url)}: exists with other settings in Secret/${namespace}/${name}; pass --upsert to change it`,
    );
  }
  const resourceVersion = existing.metadata.resourceVersion ?? "";
  const metadata = { ...existing.metadata, ...secret.metadata, resourceVersion };
  await hub.cluster.replace(ref.type, { ...secret, metadata }, options);
}
