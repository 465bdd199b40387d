import type { RegistryAccess } from "#core/repo/index.ts";
import type { SourceTree } from "./source-tree.ts";

/** A chart of a repository; the version may be a range where it is to be resolved. */
export interface ChartName {
  readonly name: string;
  readonly version: string;
}

export interface ResolvedChart extends ChartName {
  /** `sha256:…`: of the archive, or in a registry of the manifest. */
  readonly digest: string;
}

export interface ResolvedArtifact {
  /** `sha256:…` of the manifest. */
  readonly digest: string;
  /** The tag it was found under; undefined for a digest. */
  readonly tag?: string;
}

export interface ChartVersion {
  readonly version: string;
  readonly appVersion?: string;
  /** RFC 3339 as the repository writes it. */
  readonly created?: string;
  readonly deprecated: boolean;
}

/** An image as its registry has it. */
export interface RegistryImage {
  /** `sha256:…` of whatever the tag names. */
  readonly digest: string;
  /** When it was built, as its configuration says, in RFC 3339; undefined where that says nothing. */
  readonly created: string | undefined;
}

/** What somebody signed of an image, as cosign keeps it beside the image. */
export interface ImageSignature {
  readonly payload: Uint8Array;
  /** Base64. */
  readonly signature: string;
}

export interface AskOptions {
  /** An earlier answer not older than this will do; 0 asks now. */
  readonly maxAgeMs: number;
  /** Where there is no answer now, the last one will do, however old, a restart in between. */
  readonly orKnown?: boolean | undefined;
  readonly signal: AbortSignal;
}

/** A chart of a Helm repository with its versions, highest first. */
export interface ListedChart {
  readonly name: string;
  readonly versions: readonly string[];
}

/**
 * What is not in Git: charts of Helm repositories and OCI registries, OCI artifacts, files over HTTP. Throws MooringError with
 * a `CHART_` code or CONFIG_INVALID; messages never hold credentials.
 */
export interface Registry extends AsyncDisposable {
  /** The highest version in a range (empty is any release), as Helm picks it. */
  resolveChart(access: RegistryAccess, chart: ChartName, options: AskOptions): Promise<ResolvedChart>;
  /** The chart's directory; its revision is the digest. Works without the network for a chart already fetched. */
  openChart(access: RegistryAccess, chart: ResolvedChart, signal: AbortSignal): Promise<SourceTree>;
  /** Every version that the repository has, highest first. */
  readVersions(access: RegistryAccess, name: string, options: AskOptions): Promise<readonly ChartVersion[]>;
  /** Every chart of a Helm repository, by name. An OCI registry does not tell what it has: CONFIG_INVALID. */
  listCharts(access: RegistryAccess, options: AskOptions): Promise<readonly ListedChart[]>;
  /** Every tag of an OCI repository, sorted. */
  listTags(access: RegistryAccess, options: AskOptions): Promise<readonly string[]>;
  /** Turns a digest, tag or range over tags of `oci://host/repository` into a digest. */
  resolveArtifact(access: RegistryAccess, revision: string, options: AskOptions): Promise<ResolvedArtifact>;
  /** `sha256:…` of whatever a tag of an OCI repository names: of the index where an image is there for several platforms. */
  digestOf(access: RegistryAccess, tag: string, signal: AbortSignal): Promise<string>;
  /** What a tag or digest of an OCI repository names; `platform`, such as `linux/arm64`, chooses among several, the first unless told. */
  readImage(
    access: RegistryAccess,
    reference: string,
    options: { readonly platform?: string | undefined; readonly signal: AbortSignal },
  ): Promise<RegistryImage>;
  /** The signatures that are kept beside an image: under cosign's tag, and as referrers. */
  listSignatures(
    access: RegistryAccess,
    digest: string,
    signal: AbortSignal,
  ): Promise<readonly ImageSignature[]>;
  /** The files of an artifact; those of a chart without its directory's name. */
  openArtifact(access: RegistryAccess, digest: string, signal: AbortSignal): Promise<SourceTree>;
  /** What the manifest of an artifact says of it, such as `org.opencontainers.image.authors`. */
  readAnnotations(
    access: RegistryAccess,
    digest: string,
    signal: AbortSignal,
  ): Promise<Readonly<Record<string, string>>>;
  /** The file of an access of kind `file`, in a tree that holds only it; the revision is the digest of its content. */
  openFile(access: RegistryAccess, options: AskOptions): Promise<SourceTree>;
  /** Asks the repository with these credentials; throws what is wrong with them. */
  test(access: RegistryAccess, signal: AbortSignal): Promise<void>;
}
