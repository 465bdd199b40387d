import { randomBytes } from "node:crypto";
import { chmod, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { MooringError } from "#core/errors/index.ts";
import type { JsonValue } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";
import { createCertificateAuthority } from "./certificates.ts";

/** By what a cluster is known, and by what its first user is known to it. */
export interface ClusterIdentity {
  /** PEM of the authority that signed the server's certificate and the admin's. */
  readonly ca: string;
  readonly serverCertificate: string;
  readonly serverKey: string;
  readonly adminCertificate: string;
  readonly adminKey: string;
  /** Bearer token of the same user. */
  readonly adminToken: string;
}

const fields = [
  "ca",
  "serverCertificate",
  "serverKey",
  "adminCertificate",
  "adminKey",
  "adminToken",
] as const;
const fileName = "identity.json";

/** A new identity for a server that is reached on this machine. */
export function createIdentity(): ClusterIdentity {
  const authority = createCertificateAuthority("mooring-embedded");
  const server = authority.issue({
    subject: { commonName: "mooring-embedded" },
    usage: "server",
    dnsNames: ["localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc"],
    ipAddresses: ["127.0.0.1"],
  });
  const admin = authority.issue({
    subject: { commonName: "admin", organization: "system:masters" },
    usage: "client",
  });
  return {
    ca: authority.certificate,
    serverCertificate: server.certificate,
    serverKey: server.key,
    adminCertificate: admin.certificate,
    adminKey: admin.key,
    adminToken: randomBytes(24).toString("base64url"),
  };
}

/**
 * The identity that a directory keeps, so that a kubeconfig outlives a restart; made when there is none. Throws CONFIG_INVALID for a
 * file that holds none.
 */
export async function openIdentity(directory: string): Promise<ClusterIdentity> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const file = join(directory, fileName);
  const known = await readIdentity(file);
  if (known !== undefined) return known;
  const made = createIdentity();
  const draft = `${file}.${process.pid}.new`;
  await writeFile(draft, JSON.stringify(made), { mode: 0o600 });
  await chmod(draft, 0o600);
  await rename(draft, file);
  return made;
}

async function readIdentity(file: string): Promise<ClusterIdentity | undefined> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  const values = parse(text, file);
  const identity = Object.fromEntries(fields.map((field) => [field, viewString(values, field)]));
  if (Object.values(identity).includes(undefined)) throw unreadable(file);
  return identity as unknown as ClusterIdentity;
}

function parse(text: string, file: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (error) {
    throw unreadable(file, error);
  }
}

function unreadable(file: string, cause?: unknown): MooringError {
  return new MooringError(
    "CONFIG_INVALID",
    `${file}: not the identity of an embedded cluster; restore it, or delete it and give clients the new kubeconfig`,
    cause === undefined ? {} : { cause },
  );
}
