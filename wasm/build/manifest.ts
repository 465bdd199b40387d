import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { goModule } from "./go.ts";

export interface Versions {
  readonly go: string;
  readonly helm: string;
  readonly kustomize: string;
  readonly jsonnet: string;
  readonly gojq: string;
  readonly gopherLua: string;
}

/** What `engines.json` says of one artifact. */
export interface Artifact {
  readonly file: string;
  /** Of the module before compression. */
  readonly sha256: string;
  readonly rawBytes: number;
  readonly compressedBytes: number;
}

export const artifactNames = ["render", "jsonnet", "scripts"] as const;
export type ArtifactName = (typeof artifactNames)[number];
export type Manifest = Readonly<Record<ArtifactName, Artifact>> & { readonly versions: Versions };

export const artifactDirectory = join(goModule, "..", "src", "render", "engine");
const manifestPath = join(artifactDirectory, "engines.json");

export function digest(module: Uint8Array): string {
  return createHash("sha256").update(module).digest("hex");
}

export function readManifest(): Manifest {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written below
  return JSON.parse(readFileSync(manifestPath, "utf8")) as Manifest;
}

export function writeArtifact(name: ArtifactName, module: Uint8Array): Artifact {
  const compressed = brotliCompressSync(module, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: module.length,
    },
  });
  const file = `${name}.wasm.br`;
  writeFileSync(join(artifactDirectory, file), compressed);
  return { file, sha256: digest(module), rawBytes: module.length, compressedBytes: compressed.length };
}

export function writeManifest(manifest: Manifest): void {
  writeFileSync(manifestPath, `${JSON.stringify(manifest, undefined, 2)}\n`);
}
