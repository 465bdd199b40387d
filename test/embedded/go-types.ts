import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseGoFile, type GoFile } from "./go-source.ts";

/**
 * How the API server's Go types read and write JSON: for each OpenAPI component its fields in the order of the struct, each
 * in the notation of `src/embedded/schema/types/parse-type.ts`. OpenAPI does not say which fields are pointers or are left out when empty.
 */
export type GoTypes = Record<string, Record<string, string>>;

const packages: readonly (readonly [module: string, folders: string])[] = [
  ["k8s.io/api", "*/*"],
  ["k8s.io/apimachinery", "pkg/apis/meta/v1"],
  ["k8s.io/apimachinery", "pkg/types"],
  ["k8s.io/apiextensions-apiserver", "pkg/apis/apiextensions/v1"],
  ["k8s.io/kube-aggregator", "pkg/apis/apiregistration/v1"],
];

/** Types that have a JSON form of their own. */
const special: Readonly<Record<string, string>> = {
  "k8s.io/apimachinery/pkg/apis/meta/v1.Time": "time",
  "k8s.io/apimachinery/pkg/apis/meta/v1.MicroTime": "microtime",
  "k8s.io/apimachinery/pkg/apis/meta/v1.Duration": "duration",
  "k8s.io/apimachinery/pkg/apis/meta/v1.FieldsV1": "raw",
  "k8s.io/apimachinery/pkg/api/resource.Quantity": "quantity",
  "k8s.io/apimachinery/pkg/util/intstr.IntOrString": "intstr",
  "k8s.io/apimachinery/pkg/runtime.RawExtension": "raw",
  "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1.JSON": "json",
  "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1.JSONSchemaPropsOrArray": "props",
  "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1.JSONSchemaPropsOrBool": "props",
  "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1.JSONSchemaPropsOrStringArray": "props",
};

const builtin = /^(?:string|bool|u?int\d*|float\d*|byte)$/;

/** Reads the sources of the Kubernetes modules of one version, such as `v0.37.2`, in Go's module cache. */
export function readGoTypes(moduleCache: string, version: string): GoTypes {
  const files = packages.flatMap(([module, folders]) =>
    globSync(path.join(moduleCache, `${module}@${version}`, folders, "*.go"))
      .filter((file) => !file.endsWith("_test.go"))
      .toSorted()
      .map((file) => {
        const folder = path.relative(path.join(moduleCache, `${module}@${version}`), path.dirname(file));
        return parseGoFile(readFileSync(file, "utf8"), `${module}/${folder}`);
      }),
  );
  return new GoTypeResolver(files).resolve();
}

class GoTypeResolver {
  readonly #files: readonly GoFile[];
  readonly #definitions = new Map<string, { readonly file: GoFile; readonly text: string }>();
  readonly #models = new Map<string, string>();

  constructor(files: readonly GoFile[]) {
    this.#files = files;
    for (const file of files) {
      for (const [name, text] of file.definitions)
        this.#definitions.set(`${file.package}.${name}`, { file, text });
      for (const [name, model] of file.models) this.#models.set(`${file.package}.${name}`, model);
    }
  }

  resolve(): GoTypes {
    const types: GoTypes = {};
    for (const file of this.#files) {
      for (const name of file.structs.keys()) {
        const full = `${file.package}.${name}`;
        const model = this.#models.get(full);
        if (model !== undefined && special[full] === undefined) types[model] = this.#fields(full);
      }
    }
    return Object.fromEntries(Object.entries(types).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }

  #fields(full: string): Record<string, string> {
    const [file, name] = this.#locate(full);
    const fields: Record<string, string> = {};
    for (const field of file?.structs.get(name) ?? []) {
      if (field.json === "-") continue;
      const [json = "", ...flags] = field.json.split(",");
      if (json === "" && field.isEmbedded) {
        Object.assign(fields, this.#fields(this.#qualify(field.type, file)));
      } else if (json !== "") {
        const omits = flags.includes("omitzero") ? "~" : flags.includes("omitempty") ? "?" : "";
        fields[json] = `${omits}${this.#type(field.type, file)}`;
      }
    }
    return fields;
  }

  #locate(full: string): readonly [GoFile | undefined, string] {
    const dot = full.lastIndexOf(".");
    const name = full.slice(dot + 1);
    return [this.#files.find((file) => file.package === full.slice(0, dot) && file.structs.has(name)), name];
  }

  #qualify(type: string, file: GoFile | undefined): string {
    const [alias, name] = type.includes(".") ? type.split(".") : [undefined, type];
    return alias === undefined ? `${file?.package}.${name}` : `${file?.imports.get(alias) ?? alias}.${name}`;
  }

  #type(type: string, file: GoFile | undefined): string {
    if (type === "[]byte") return "bytes";
    if (type.startsWith("*")) return `*${this.#type(type.slice(1), file)}`;
    if (type.startsWith("[]")) return `[]${this.#type(type.slice(2), file)}`;
    const map = /^map\[[\w.]+\](.*)$/.exec(type);
    if (map !== null) return `{}${this.#type(map[1] ?? "", file)}`;
    if (builtin.test(type)) return type;
    if (type === "interface{}" || type === "any") return "json";
    const full = this.#qualify(type, file);
    if (special[full] !== undefined) return special[full];
    if (this.#locate(full)[0] !== undefined) return `#${this.#models.get(full) ?? `?${full}`}`;
    return this.#named(full, type);
  }

  #named(full: string, type: string): string {
    const definition = this.#definitions.get(full);
    if (definition === undefined) throw new Error(`Go type ${full}: is not in the sources`);
    const underlying = this.#type(definition.text, definition.file);
    const pkg = full.slice(0, full.lastIndexOf(".")).split("/").at(-1) ?? "";
    return builtin.test(underlying) ? `${underlying}:${pkg}.${type.split(".").at(-1)}` : underlying;
  }
}
