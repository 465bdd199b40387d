import type { Spec } from "../change-application.ts";

export type Source = NonNullable<Spec["source"]>;
type Helm = NonNullable<Source["helm"]>;
type Kustomize = NonNullable<Source["kustomize"]>;
type Directory = NonNullable<Source["directory"]>;

/** The object with a field set; a field that says nothing is left out, as if nobody had written it. */
export function withField<T extends object, K extends keyof T>(
  object: T,
  field: K,
  value: T[K] | undefined,
): T {
  const { [field]: _before, ...rest } = object;
  return (isNothing(value) ? rest : { ...rest, [field]: value }) as T;
}

function isNothing(value: unknown): boolean {
  if (value === undefined || value === "" || value === false) return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

export function setHelm<K extends keyof Helm>(source: Source, field: K, value: Helm[K] | undefined): Source {
  return withField(source, "helm", withField(source.helm ?? {}, field, value));
}

export function setKustomize<K extends keyof Kustomize>(
  source: Source,
  field: K,
  value: Kustomize[K] | undefined,
): Source {
  return withField(source, "kustomize", withField(source.kustomize ?? {}, field, value));
}

export function setDirectory<K extends keyof Directory>(
  source: Source,
  field: K,
  value: Directory[K] | undefined,
): Source {
  return withField(source, "directory", withField(source.directory ?? {}, field, value));
}

/** Sets a parameter of a chart; undefined leaves it to the chart. */
export function setParameter(source: Source, name: string, value: string | undefined): Source {
  const before = source.helm?.parameters ?? [];
  const at = before.findIndex((one) => one.name === name);
  const next =
    value === undefined
      ? before.filter((one) => one.name !== name)
      : at < 0
        ? [...before, { name, value }]
        : before.with(at, { ...before[at], name, value });
  return setHelm(source, "parameters", next);
}

interface Parameter {
  readonly name: string;
  /** As the chart has it; undefined for one that the chart does not name. */
  readonly chart: string | undefined;
  /** As the application sets it; undefined where it does not. */
  readonly own: string | undefined;
}

/** What can be set in a chart, and what is: those that the application sets first. */
export function parametersOf(
  source: Source,
  described: readonly { readonly name?: string; readonly value?: string }[],
): readonly Parameter[] {
  const own = new Map((source.helm?.parameters ?? []).map(({ name = "", value = "" }) => [name, value]));
  const chart = new Map(described.map(({ name = "", value = "" }) => [name, value]));
  const names = [...new Set([...own.keys(), ...chart.keys()])];
  const all = names.map((name) => ({ name, chart: chart.get(name), own: own.get(name) }));
  return all.toSorted((a, b) => Number(a.own === undefined) - Number(b.own === undefined));
}

/** The name of an image, without tag and digest: of `registry:5000/web:1.0` it is `registry:5000/web`. */
export function imageName(image: string): string {
  const bare = image.split("@")[0] ?? image;
  const colon = bare.lastIndexOf(":");
  return colon > bare.lastIndexOf("/") ? bare.slice(0, colon) : bare;
}

/** What an entry of `kustomize.images` is about: `old=new:tag` or `name:tag`. */
function imageKey(entry: string): string {
  return entry.includes("=") ? (entry.split("=")[0] ?? "") : imageName(entry);
}

/** The image that stands for one of the source; undefined when it is the source's own. */
export function imageOverride(source: Source, image: string): string | undefined {
  const name = imageName(image);
  const entry = (source.kustomize?.images ?? []).find((one) => imageKey(one) === name);
  return entry?.includes("=") === true ? entry.slice(entry.indexOf("=") + 1) : entry;
}

export function setImage(source: Source, image: string, value: string): Source {
  const name = imageName(image);
  const others = (source.kustomize?.images ?? []).filter((one) => imageKey(one) !== name);
  const trimmed = value.trim();
  const entry = imageName(trimmed) === name ? trimmed : `${name}=${trimmed}`;
  return setKustomize(source, "images", trimmed === "" || trimmed === image ? others : [...others, entry]);
}

/** One entry a line. */
export function linesOf(text: string): readonly string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/** The sources of a spec, whichever field they are in. */
export function sourcesIn({ source, sources = [] }: Spec): readonly Source[] {
  return sources.length > 0 ? sources : source === undefined ? [] : [source];
}

/** The spec with these sources. Several, and one that was in the list of several, stay in the list. */
export function withSources(spec: Spec, sources: readonly Source[]): Spec {
  const isList = sources.length > 1 || (spec.sources ?? []).length > 0;
  const { source: _one, sources: _several, ...rest } = spec;
  const [first] = sources;
  if (isList) return { ...rest, sources };
  return first === undefined ? rest : { ...rest, source: first };
}

/** What the source is, by what is set in it; undefined where the files decide. */
export function toolOf(source: Source): "Helm" | "Kustomize" | "Directory" | "Plugin" | undefined {
  if ((source.chart ?? "") !== "" || source.helm !== undefined) return "Helm";
  if (source.kustomize !== undefined) return "Kustomize";
  if (source.plugin !== undefined) return "Plugin";
  return source.directory === undefined ? undefined : "Directory";
}
