import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { globSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type ServerHttp2Session } from "node:http2";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Code, ConnectError } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { extract } from "tar";
import type { AppStreamRequest, ManifestRequestMetadata } from "#plugins/gen/plugin/plugin_pb.ts";
import { ConfigManagementPluginService } from "#plugins/gen/plugin/plugin_pb.ts";

/** What a plugin.yaml says. */
export interface PluginConfig {
  /** Glob in the application's directory; without it the plugin has no discovery rules. */
  readonly fileName?: string;
  /** A shell command that runs in the application's directory and prints manifests. */
  readonly generate: string;
  /** Whether the sidecar says after each answer that it goes away (RFC 9113, section 6.8), as one does that stops. */
  readonly goesAway?: boolean;
}

/** A plugin's sidecar on a socket: unpacks what it is sent, and runs the plugin's commands in it. */
export async function startSidecar(socketPath: string, config: PluginConfig): Promise<AsyncDisposable> {
  const handler = connectNodeAdapter({
    routes: ({ service }) =>
      service(ConfigManagementPluginService, {
        checkPluginConfiguration: () => ({ isDiscoveryConfigured: config.fileName !== undefined }),
        matchRepository: (requests) =>
          inRepository(requests, ({ directory }) =>
            Promise.resolve({ isSupported: globSync(config.fileName ?? "", { cwd: directory }).length > 0 }),
          ),
        generateManifest: (requests, { signal }) =>
          inRepository(requests, async ({ directory, env }) => ({
            manifests: [await run(config.generate, { directory, env, signal })],
            sourceType: "Plugin",
          })),
      }),
  });
  const sessions = new Set<ServerHttp2Session>();
  const server = createServer(handler).on("session", (session) => {
    sessions.add(session);
    session.on("close", () => sessions.delete(session));
    if (config.goesAway === true) {
      session.on("stream", (stream) => stream.on("close", () => session.destroyed || session.goaway()));
    }
  });
  server.listen(socketPath);
  await once(server, "listening");
  return {
    [Symbol.asyncDispose]: async () => {
      for (const session of sessions) session.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

interface Unpacked {
  /** The application's. */
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
}

async function inRepository<T>(
  requests: AsyncIterable<AppStreamRequest>,
  work: (unpacked: Unpacked) => Promise<T>,
): Promise<T> {
  const root = await mkdtemp(join(tmpdir(), "mooring-sidecar-"));
  try {
    const metadata = await unpack(requests, root);
    const env = Object.fromEntries(metadata.env.map(({ name, value }) => [name, value]));
    return await work({ directory: join(root, metadata.appRelPath), env });
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

async function unpack(
  requests: AsyncIterable<AppStreamRequest>,
  root: string,
): Promise<ManifestRequestMetadata> {
  const chunks: Uint8Array[] = [];
  let metadata: ManifestRequestMetadata | undefined;
  for await (const { request } of requests) {
    if (request.case === "metadata") metadata = request.value;
    else if (request.case === "file") chunks.push(request.value.chunk);
  }
  const archive = Buffer.concat(chunks);
  const sum = createHash("sha256").update(archive).digest("hex");
  if (metadata === undefined || metadata.checksum !== sum || metadata.size !== BigInt(archive.length)) {
    throw new ConnectError("the archive is not what the metadata says", Code.InvalidArgument);
  }
  await pipeline(Readable.from([archive]), extract({ cwd: root, preserveOwner: false }));
  return metadata;
}

async function run(
  command: string,
  { directory, env, signal }: Unpacked & { readonly signal: AbortSignal },
): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { cwd: directory, env: { PATH: process.env["PATH"], ...env }, signal };
    execFile("sh", ["-c", command], options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new ConnectError(`\`${command}\` failed: ${stderr.trim()}`, Code.Unknown));
    });
  });
}
