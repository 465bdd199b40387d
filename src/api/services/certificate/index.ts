import { Buffer } from "node:buffer";
import { MooringError } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { viewObject } from "#core/object/index.ts";
import { compilePattern } from "#runtime/patterns.ts";
import type { ServiceMethods } from "../../call.ts";
import type { ApiCall, Caller } from "../../caller.ts";
import type { ApiContext } from "../../context.ts";
import type {
  RepositoryCertificateCreateRequest,
  RepositoryCertificateQuery,
} from "../../contract/gen/argocd/certificate_pb.ts";
import type { RepositoryCertificateList } from "../../contract/gen/argocd/types_pb.ts";
import type { ShapeOf } from "../../contract/shape.ts";
import { changeConfigMap } from "../config-map.ts";
import type { CertificateShape, HostKey } from "./certificates.ts";
import {
  certificatesOf,
  editHostKeys,
  hostKeysOf,
  knownHostsKey,
  knownHostsName,
  knownHostsOf,
  parsePem,
  presentCertificate,
  presentHostKey,
  tlsCertificatesName,
} from "./certificates.ts";

type ListShape = ShapeOf<RepositoryCertificateList>;
type Matcher = (certificate: CertificateShape) => boolean;

/** `certificate.CertificateService`. */
export function certificateMethods(context: ApiContext): ServiceMethods<"certificate", Caller> {
  return {
    listCertificates: (request, call) => list(context, request, call),
    createCertificate: (request, call) => create(context, request, call),
    deleteCertificate: (request, call) => remove(context, request, call),
  };
}

/** What a query asks for; empty fields ask for any, and the host may hold `*` and `?`. */
function matcherOf({
  hostNamePattern = "",
  certType = "",
  certSubType = "",
}: ShapeOf<RepositoryCertificateQuery>): Matcher {
  const any = (text: string): boolean => text === "" || text === "*";
  const escaped = hostNamePattern.replaceAll(/[.+^${}()|[\]\\]/gu, String.raw`\$&`);
  const host = compilePattern(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`);
  if (host instanceof Error)
    throw new MooringError("API_INVALID_ARGUMENT", `hostNamePattern: ${host.message}; correct it`);
  return (one) =>
    (any(hostNamePattern) || host.test(one.serverName ?? "")) &&
    (any(certType) || one.certType === certType) &&
    (any(certSubType) || one.certSubType === certSubType);
}

function configMap({ hub }: ApiContext, name: string): KubeObject | undefined {
  return hub.configMaps.get(`${hub.namespace}/${name}`);
}

function require(caller: Caller, action: string, object = ""): void {
  caller.require({ resource: "certificates", action, object });
}

async function list(
  context: ApiContext,
  query: ShapeOf<RepositoryCertificateQuery>,
  { caller }: ApiCall,
): Promise<ListShape> {
  require(caller, "get");
  const matches = matcherOf(query);
  const all = [
    ...hostKeysOf(configMap(context, knownHostsName)).map((key) => presentHostKey(key)),
    ...certificatesOf(configMap(context, tlsCertificatesName)).map(([host, pem]) =>
      presentCertificate(host, pem),
    ),
  ];
  return Promise.resolve({ metadata: {}, items: all.filter((one) => matches(one)) });
}

/** Adds certificates and host keys; what is known with another key needs `upsert`. */
async function create(
  context: ApiContext,
  { certificates = {}, upsert = false }: ShapeOf<RepositoryCertificateCreateRequest>,
  { caller, signal }: ApiCall,
): Promise<ListShape> {
  const items = certificates.items ?? [];
  for (const { serverName = "" } of items) require(caller, "create", serverName);
  require(caller, "create");
  const hostKeys = items.filter(({ certType }) => certType === "ssh").map((one) => hostKeyOf(one));
  const tls = items.filter(({ certType }) => certType === "https");
  const other = items.find(({ certType }) => certType !== "ssh" && certType !== "https");
  if (other !== undefined) {
    throw new MooringError(
      "API_INVALID_ARGUMENT",
      `certificates: ${other.serverName ?? ""}: certType must be ssh or https`,
    );
  }
  const chains = tls.map(({ serverName = "", certData = "" }) => ({
    host: serverName.toLowerCase(),
    pem: parsePem(Buffer.from(certData, "base64").toString("utf8"), `certificate of ${serverName}`),
  }));
  if (hostKeys.length > 0) {
    const decide = (object: KubeObject | undefined) => withHostKeys(object, hostKeys, upsert);
    await changeConfigMap(context, knownHostsName, { decide, signal });
  }
  if (chains.length > 0) {
    await changeConfigMap(context, tlsCertificatesName, {
      decide: (object) => {
        const known = viewObject(object, "data");
        const entries = chains.map(({ host, pem }) => [host, `${pem.join("\n")}\n`] as const);
        const differing = entries.find(([host, text]) => known[host] !== undefined && known[host] !== text);
        if (differing !== undefined && !upsert) throw exists(differing[0]);
        return Object.fromEntries(entries);
      },
      signal,
    });
  }
  const created = [
    ...hostKeys.map((key) => presentHostKey(key)),
    ...chains.flatMap(({ host, pem }) => pem.map((one) => presentCertificate(host, one))),
  ];
  return { metadata: {}, items: created };
}

function exists(host: string): MooringError {
  return new MooringError(
    "APP_EXISTS",
    `certificate of ${host}: another one is known; use upsert to replace it`,
  );
}

/** Clients send the key as its text in base64, encoded once more as all bytes are. */
function hostKeyOf({ serverName = "", certSubType = "", certData = "" }: CertificateShape): HostKey {
  const key = Buffer.from(certData, "base64").toString("utf8").trim();
  const type =
    /^(?:ecdsa|sk-)/u.test(certSubType) || certSubType.startsWith("ssh-")
      ? certSubType
      : `ssh-${certSubType}`;
  if (serverName === "" || /\s/u.test(serverName + type) || !/^[A-Za-z0-9+/]+=*$/u.test(key)) {
    throw new MooringError(
      "API_INVALID_ARGUMENT",
      `certificates: ${serverName}: is no host key; give host, type and key in base64`,
    );
  }
  return { host: serverName, type, key };
}

function withHostKeys(
  configMap: KubeObject | undefined,
  added: readonly HostKey[],
  upsert: boolean,
): Readonly<Record<string, string>> {
  const isSame = (a: HostKey, b: HostKey): boolean => a.host === b.host && a.type === b.type;
  const known = hostKeysOf(configMap);
  for (const one of added) {
    if (!upsert && known.some((old) => isSame(old, one) && old.key !== one.key)) throw exists(one.host);
  }
  const isGone = (old: HostKey): boolean => added.some((one) => isSame(old, one));
  return { [knownHostsKey]: editHostKeys(knownHostsOf(configMap), { isGone, added }) };
}

/** Removes those that match, and tells which. */
async function remove(
  context: ApiContext,
  query: ShapeOf<RepositoryCertificateQuery>,
  { caller, signal }: ApiCall,
): Promise<ListShape> {
  require(caller, "delete");
  const matches = matcherOf(query);
  let removed: readonly CertificateShape[] = [];
  await changeConfigMap(context, knownHostsName, {
    decide: (object) => {
      const isGone = (key: HostKey): boolean => matches(presentHostKey(key));
      removed = hostKeysOf(object)
        .filter((key) => isGone(key))
        .map((key) => presentHostKey(key));
      if (removed.length === 0) return {};
      return { [knownHostsKey]: editHostKeys(knownHostsOf(object), { isGone, added: [] }) };
    },
    signal,
  });
  let removedTls: readonly CertificateShape[] = [];
  await changeConfigMap(context, tlsCertificatesName, {
    decide: (object) => {
      const gone = certificatesOf(object).filter(([host, pem]) => matches(presentCertificate(host, pem)));
      removedTls = gone.map(([host, pem]) => presentCertificate(host, pem));
      return Object.fromEntries(gone.map(([host]) => [host, null]));
    },
    signal,
  });
  return { metadata: {}, items: [...removed, ...removedTls] };
}
