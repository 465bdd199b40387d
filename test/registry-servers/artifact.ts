import { gzipSync } from "node:zlib";
import type { PackedEntry } from "./pack.ts";
import { packTar, sha256 } from "./pack.ts";
import type { WebServer } from "./web-server.ts";

interface Artifact {
  /** Of the repository within the registry. */
  readonly path: string;
  readonly tag: string;
  readonly files: readonly PackedEntry[];
  readonly annotations?: Readonly<Record<string, string>>;
}

function digestOf(content: Buffer | string): string {
  return `sha256:${sha256(Buffer.from(content))}`;
}

/** Has a web server serve an OCI artifact of one layer as a registry does; a tag is moved. The digest of its manifest. */
export function publishArtifact(server: WebServer, { path, tag, files, annotations = {} }: Artifact): string {
  const layer = gzipSync(packTar(files));
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    config: { mediaType: "application/vnd.oci.empty.v1+json", digest: digestOf("{}"), size: 2 },
    layers: [
      {
        mediaType: "application/vnd.oci.image.layer.v1.tar+gzip",
        digest: digestOf(layer),
        size: layer.length,
      },
    ],
    annotations,
  });
  const digest = digestOf(manifest);
  server.set("/v2/", "{}");
  server.set(`/v2/${path}/manifests/${tag}`, manifest);
  server.set(`/v2/${path}/manifests/${digest}`, manifest);
  server.set(`/v2/${path}/blobs/${digestOf(layer)}`, layer);
  return digest;
}
