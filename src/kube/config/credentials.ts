import { readFile } from "node:fs/promises";
import type { ClusterConnection } from "#core/cluster/connection.ts";
import { messageOf, MooringError } from "#core/errors/index.ts";
import type { Clock } from "#runtime/clock.ts";
import { waitOrAbort } from "#runtime/abort.ts";
import type { ClientCertificate } from "../http/dial.ts";
import { type ExecCredential, runExecPlugin } from "./exec-plugin.ts";

export interface Credential {
  /** The Authorization header. */
  readonly authorization?: string;
  readonly certificate?: ClientCertificate;
}

/** Who we are to one cluster, refreshed as its source demands. */
export interface Credentials {
  read(signal: AbortSignal): Promise<Credential>;
  /** The server refused what was read; true when reading again may give something else. */
  forget(): boolean;
}

// The interval at which client-go reads a token file again.
const tokenFileMaxAgeMs = 60_000;
// A credential is not used in its last seconds: a request may take that long to arrive.
const expirySkewMs = 10_000;

export function startCredentials(connection: ClusterConnection, clock: Clock): Credentials {
  const { auth, tls } = connection;
  const certificate =
    tls.certData === undefined || tls.keyData === undefined
      ? {}
      : { certificate: { certificate: tls.certData, key: tls.keyData } };
  switch (auth.kind) {
    case "none":
      return fixed(certificate);
    case "token":
      return fixed({ ...certificate, authorization: `Bearer ${auth.token}` });
    case "basic": {
      const login = Buffer.from(`${auth.username}:${auth.password}`).toString("base64");
      return fixed({ ...certificate, authorization: `Basic ${login}` });
    }
    case "tokenFile":
      return cached(clock, async () => ({
        credential: { ...certificate, authorization: `Bearer ${await readToken(auth.path)}` },
        expiresAt: clock.now() + tokenFileMaxAgeMs,
      }));
    case "exec":
      return cached(clock, async () => {
        const given = await runExecPlugin(auth, connection);
        return { credential: { ...certificate, ...credentialOf(given) }, expiresAt: given.expiresAt };
      });
    default:
      throw new Error(`unknown login: ${JSON.stringify((auth satisfies never as { kind: string }).kind)}`);
  }
}

function fixed(credential: Credential): Credentials {
  return { read: async () => credential, forget: () => false };
}

interface Read {
  readonly credential: Credential;
  /** Milliseconds since the epoch; undefined keeps it until the server refuses it. */
  readonly expiresAt: number | undefined;
}

/** Reads once for all who wait, and again when the credential expires or is refused. */
function cached(clock: Clock, read: () => Promise<Read>): Credentials {
  let current: Read | undefined;
  let reading: Promise<Read> | undefined;
  const refresh = async (): Promise<Read> => {
    try {
      current = await read();
      return current;
    } finally {
      reading = undefined;
    }
  };
  return {
    read: async (signal) => {
      const known = current;
      if (known !== undefined && clock.now() < (known.expiresAt ?? Infinity) - expirySkewMs) {
        return known.credential;
      }
      reading ??= refresh();
      return (await waitOrAbort(reading, signal)).credential;
    },
    forget: () => {
      current = undefined;
      return true;
    },
  };
}

function credentialOf(given: ExecCredential): Credential {
  return {
    ...(given.token === undefined ? {} : { authorization: `Bearer ${given.token}` }),
    ...(given.certificate === undefined ? {} : { certificate: given.certificate }),
  };
}

async function readToken(path: string): Promise<string> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw new MooringError("KUBE_UNAUTHORIZED", `token file ${path} cannot be read: ${messageOf(error)}`, {
      cause: error,
    });
  });
  const token = text.trim();
  if (token === "") throw new MooringError("KUBE_UNAUTHORIZED", `token file ${path} is empty`);
  return token;
}
