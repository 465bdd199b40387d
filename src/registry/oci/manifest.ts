import type { Subject } from "../registry-error.ts";
import { chartError, quoted } from "../registry-error.ts";

const chartLayer = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";

const provenanceLayer = "application/vnd.cncf.helm.chart.provenance.v1.prov";

/** Layers whose content can be used, and how it is packed. */
const contentLayers: Readonly<Record<string, "gzip" | "none">> = {
  [chartLayer]: "gzip",
  "application/vnd.oci.image.layer.v1.tar+gzip": "gzip",
  "application/vnd.oci.image.layer.v1.tar": "none",
};

/** The one layer of an artifact that holds its files. */
export interface ContentLayer {
  readonly digest: string;
  readonly size: number;
  readonly compression: "gzip" | "none";
  readonly isChart: boolean;
  /** Of a chart that was signed: where its provenance file is. */
  readonly provenance?: { readonly digest: string; readonly size: number };
}

const digestForm = /^sha256:[0-9a-f]{64}$/;

export function isDigest(text: string): boolean {
  return digestForm.test(text);
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  const isMap = typeof value === "object" && value !== null && !Array.isArray(value);
  return isMap ? (value as Record<string, unknown>) : {};
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** What an artifact's manifest says of it; empty for one that says nothing. */
export function annotationsOf(manifest: Buffer): Readonly<Record<string, string>> {
  const annotations = fieldsOf(fieldsOf(parseJson(manifest.toString("utf8")))["annotations"]);
  return Object.fromEntries(
    Object.entries(annotations).flatMap(([name, value]) =>
      typeof value === "string" ? [[name, value]] : [],
    ),
  );
}

/** Finds the files' layer in a manifest (OCI image manifest, or Docker's of the same form). Throws CHART_INVALID. */
export function contentLayerOf(manifest: Buffer, subject: Subject): ContentLayer {
  const fields = fieldsOf(parseJson(manifest.toString("utf8")));
  const invalid = (text: string) => chartError("CHART_INVALID", subject, { text: `the manifest ${text}` });
  if (Array.isArray(fields["manifests"])) {
    throw invalid("is an index of several platforms, not an artifact; use the digest of one of them");
  }
  const { layers } = fields;
  if (fields["schemaVersion"] !== 2 || !Array.isArray(layers)) throw invalid("is no OCI manifest");
  const all = layers.map((layer: unknown) => fieldsOf(layer));
  const usable = all.filter(({ mediaType }) => typeof mediaType === "string" && mediaType in contentLayers);
  const [layer] = usable;
  if (layer === undefined || usable.length > 1) {
    const types = all.map(({ mediaType }) => quoted(String(mediaType))).slice(0, 5);
    const has =
      usable.length > 1 ? `${usable.length} layers with files` : `only layers of ${types.join(", ")}`;
    throw invalid(`has ${has}; exactly one tar, tar+gzip or Helm chart layer is needed`);
  }
  const { digest, size, mediaType } = layer;
  if (typeof digest !== "string" || !isDigest(digest) || typeof size !== "number" || !(size >= 0)) {
    throw invalid("has a layer without a sha256 digest or a size");
  }
  const compression = contentLayers[String(mediaType)] ?? "none";
  const provenance = all.find((one) => one["mediaType"] === provenanceLayer);
  return {
    digest,
    size,
    compression,
    isChart: mediaType === chartLayer,
    ...(typeof provenance?.["digest"] === "string" && isDigest(provenance["digest"])
      ? { provenance: { digest: provenance["digest"], size: Number(provenance["size"]) } }
      : {}),
  };
}
