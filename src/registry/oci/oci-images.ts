import { isMooringError } from "#core/errors/index.ts";
import type { JsonValue } from "#core/object/index.ts";
import { viewArray, viewNumber, viewObject, viewString } from "#core/object/index.ts";
import type { RegistryAccess } from "#core/repo/index.ts";
import type { ImageSignature, RegistryImage } from "#ports/registry.ts";
import { BoundedMap } from "#runtime/bounded-map.ts";
import { chartError, quoted } from "../registry-error.ts";
import { isDigest } from "./manifest.ts";
import type { OciClient, OciRepository } from "./oci-client.ts";
import { repositoryOf } from "./oci-client.ts";

const simpleSigning = "application/vnd.dev.cosign.simplesigning.v1+json";
const signatureAnnotation = "dev.cosignproject.cosign/signature";
/** Configurations and payloads are a few kilobytes. */
const maxSmallBytes = 1024 * 1024;
const maxReferrers = 20;
const maxSignatures = 50;
const maxKnown = 10_000;

/** Images of OCI registries: when they were built, and what is signed of them. */
export class OciImages {
  readonly #client: OciClient;
  /** When images were built, by repository and digest of their configurations, which are what they are. */
  readonly #created = new BoundedMap<string>(maxKnown);

  constructor(client: OciClient) {
    this.#client = client;
  }

  async read(
    access: RegistryAccess,
    reference: string,
    { platform, signal }: { readonly platform?: string | undefined; readonly signal: AbortSignal },
  ): Promise<RegistryImage> {
    const repository = repositoryOf(access, { what: quoted(reference) });
    const { digest, content } = await this.#client.manifest(repository, reference, signal);
    const manifest = parseJson(content);
    const several = viewArray(manifest, "manifests");
    const config =
      several.length === 0
        ? viewObject(manifest, "config")
        : await this.#configOf(repository, choosePlatform(several, platform), signal);
    return { digest, created: await this.#createdOf(repository, config, signal) };
  }

  async signatures(
    access: RegistryAccess,
    digest: string,
    signal: AbortSignal,
  ): Promise<readonly ImageSignature[]> {
    const repository = repositoryOf(access, { what: `signatures of ${digest.slice(0, 19)}` });
    const hex = digest.replace("sha256:", "");
    const tagged = await this.#manifestIfThere(repository, `sha256-${hex}.sig`, signal);
    const referring = await this.#referrers(repository, digest, signal);
    const layers = [tagged, ...referring].flatMap((manifest) => viewArray(manifest, "layers"));
    const found: ImageSignature[] = [];
    for (const layer of layers.slice(0, maxSignatures)) {
      const signature = viewString(layer, "annotations", signatureAnnotation);
      if (viewString(layer, "mediaType") !== simpleSigning || signature === undefined) continue;
      const payload = await this.#small(repository, layer, signal);
      if (payload !== undefined) found.push({ payload, signature });
    }
    return found;
  }

  /** Manifests that refer to another: as the registry tells, or under the tag where clients keep their index for one that does not. */
  async #referrers(
    repository: OciRepository,
    digest: string,
    signal: AbortSignal,
  ): Promise<readonly (JsonValue | undefined)[]> {
    const told = await this.#client.referrers(repository, digest, signal);
    const index =
      told === undefined
        ? await this.#manifestIfThere(repository, digest.replace(":", "-"), signal)
        : parseJson(told);
    const named = viewArray(index, "manifests").flatMap((each) => {
      const type = viewString(each, "artifactType") ?? "";
      const name = viewString(each, "digest") ?? "";
      return isDigest(name) && (type === "" || type.includes("cosign")) ? [name] : [];
    });
    const manifests: (JsonValue | undefined)[] = [];
    for (const name of named.slice(0, maxReferrers))
      manifests.push(await this.#manifestIfThere(repository, name, signal));
    return manifests;
  }

  async #manifestIfThere(
    repository: OciRepository,
    reference: string,
    signal: AbortSignal,
  ): Promise<JsonValue | undefined> {
    try {
      return parseJson((await this.#client.manifest(repository, reference, signal)).content);
    } catch (error) {
      if (isMooringError(error, "CHART_NOT_FOUND")) return undefined;
      throw error;
    }
  }

  async #configOf(
    repository: OciRepository,
    manifest: JsonValue | undefined,
    signal: AbortSignal,
  ): Promise<JsonValue> {
    const digest = viewString(manifest, "digest") ?? "";
    if (isDigest(digest)) {
      const { content } = await this.#client.manifest(repository, digest, signal);
      return viewObject(parseJson(content), "config");
    }
    const text = "it has no image for the platform; correct spec.images[].platform";
    throw chartError("CHART_NOT_FOUND", repository.subject, { text });
  }

  async #createdOf(
    repository: OciRepository,
    config: JsonValue,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const digest = viewString(config, "digest") ?? "";
    const known = this.#created.get(digest);
    if (known !== undefined) return known === "" ? undefined : known;
    const content = await this.#small(repository, config, signal);
    const created = content === undefined ? "" : (viewString(parseJson(content), "created") ?? "");
    this.#created.set(digest, created, 1);
    return created === "" ? undefined : created;
  }

  /** Undefined for what is too large to be what it should be. */
  async #small(repository: OciRepository, blob: JsonValue, signal: AbortSignal): Promise<Buffer | undefined> {
    const [digest, size] = [viewString(blob, "digest") ?? "", viewNumber(blob, "size") ?? Infinity];
    if (!isDigest(digest) || size > maxSmallBytes) return undefined;
    return await this.#client.blob(repository, { digest, size, maxBytes: maxSmallBytes }, signal);
  }
}

/** The manifest of a platform; the first of any that is no attestation unless told. */
function choosePlatform(
  manifests: readonly JsonValue[],
  platform: string | undefined,
): JsonValue | undefined {
  return manifests.find((manifest) => {
    const part = (name: string) => viewString(manifest, "platform", name) ?? "";
    const named = [part("os"), part("architecture"), part("variant")].filter((each) => each !== "").join("/");
    if (platform === undefined) return part("os") !== "unknown";
    return named === platform || named.startsWith(`${platform}/`);
  });
}

function parseJson(content: Buffer): JsonValue | undefined {
  try {
    return JSON.parse(content.toString("utf8")) as JsonValue;
  } catch {
    return undefined;
  }
}
