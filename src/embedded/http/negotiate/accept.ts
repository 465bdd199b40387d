import { notAcceptable } from "../errors.ts";

/** One alternative of an Accept header. */
export interface AcceptClause {
  readonly type: string;
  readonly subtype: string;
  readonly quality: number;
  readonly parameters: ReadonlyMap<string, string>;
}

/** Best first: by quality, then what is specific before wildcards, then as written. */
export function parseAccept(header: string): readonly AcceptClause[] {
  return header
    .split(",")
    .flatMap((part) => parseClause(part) ?? [])
    .toSorted((a, b) => b.quality - a.quality || wildness(a) - wildness(b));
}

function parseClause(text: string): AcceptClause | undefined {
  const [range = "", ...rest] = text.split(";").map((part) => part.trim());
  const [type = "", subtype = ""] = range.toLowerCase().split("/");
  if (type === "" || subtype === "") return undefined;
  const parameters = new Map<string, string>();
  for (const parameter of rest) {
    const [name = "", value = ""] = parameter.split("=").map((part) => part.trim());
    if (name !== "") parameters.set(name.toLowerCase(), value.replace(/^"|"$/g, ""));
  }
  const quality = Number(parameters.get("q") ?? 1);
  parameters.delete("q");
  return { type, subtype, quality: Number.isFinite(quality) ? quality : 1, parameters };
}

function wildness(clause: AcceptClause): number {
  return clause.type === "*" ? 2 : clause.subtype === "*" ? 1 : 0;
}

export function acceptsType(clause: AcceptClause, type: string, subtype: string): boolean {
  const subtypeFits = clause.subtype === "*" || clause.subtype === subtype;
  return clause.quality > 0 && subtypeFits && (clause.type === "*" || clause.type === type);
}

/** The kind that an answer is to be turned into, as `as`, `g` and `v` of a media type ask. */
export interface Conversion {
  readonly kind: string;
  readonly group: string;
  readonly version: string;
}

/** Undefined where the object is wanted as it is. */
export function conversionOf(clause: AcceptClause): Conversion | undefined {
  const [kind, group, version] = ["as", "g", "v"].map((name) => clause.parameters.get(name));
  if (kind === undefined && group === undefined && version === undefined) return undefined;
  return { kind: kind ?? "", group: group ?? "", version: version ?? "" };
}

/** How an object is given out. */
export type Form =
  | { readonly kind: "object" }
  | { readonly kind: "table"; readonly version: string }
  | { readonly kind: "partial"; readonly version: string; readonly list: boolean };

export interface Chosen {
  readonly form: Form;
  /** Asked for in the media type. */
  readonly pretty: boolean;
}

const accepted = ["application/json"];

/** The first alternative that this server can give. Throws NotAcceptable. */
export function chooseForm(header: string | undefined): Chosen {
  if (header === undefined || header.trim() === "") return { form: { kind: "object" }, pretty: false };
  for (const clause of parseAccept(header)) {
    const stream = clause.parameters.get("stream") ?? "";
    if (!acceptsType(clause, "application", "json") || (stream !== "" && stream !== "watch")) continue;
    const form = formOf(conversionOf(clause));
    if (form !== undefined) return { form, pretty: clause.parameters.get("pretty") === "1" };
  }
  throw notAcceptable(accepted);
}

function formOf(conversion: Conversion | undefined): Form | undefined {
  if (conversion === undefined) return { kind: "object" };
  const { kind, group, version } = conversion;
  if (group !== "meta.k8s.io" || (version !== "v1" && version !== "v1beta1")) return undefined;
  if (kind === "Table") return { kind: "table", version };
  if (kind === "PartialObjectMetadata") return { kind: "partial", version, list: false };
  return kind === "PartialObjectMetadataList" ? { kind: "partial", version, list: true } : undefined;
}

/** For documents that have one form only. Throws NotAcceptable. */
export function requireJson(header: string | undefined): void {
  if (header === undefined || header.trim() === "") return;
  const clauses = parseAccept(header);
  const fits = clauses.some(
    (clause) => acceptsType(clause, "application", "json") && conversionOf(clause) === undefined,
  );
  if (!fits) throw notAcceptable(accepted);
}
