import type { RecordedTypes } from "../../recorded/documents.ts";
import { Fixpoints } from "./fixpoints.ts";
import { type GoField, type GoStruct, parseGoField } from "./go-type.ts";

/** The Go structs of built-in kinds, each read when it is first needed. */
export interface GoTypes {
  /** The component of a kind, such as `io.k8s.api.apps.v1.Deployment`; undefined for a kind that is not built in. */
  componentOf(group: string, version: string, kind: string): string | undefined;
  /** Empty for a component that is not known. */
  struct(component: string): GoStruct;
  /** Structs that are as decoding, encoding and defaulting leave them. */
  readonly seen: Readonly<Record<"decoded" | "encoded" | "defaulted", Fixpoints>>;
}

const empty: GoStruct = new Map();

export function createGoTypes(recorded: () => RecordedTypes): GoTypes {
  const structs = new Map<string, GoStruct>();
  const fields = new Map<string, GoField>();
  const field = (text: string): GoField => {
    const known = fields.get(text) ?? parseGoField(text);
    fields.set(text, known);
    return known;
  };
  return {
    seen: { decoded: new Fixpoints(), encoded: new Fixpoints(), defaulted: new Fixpoints() },
    componentOf: (group, version, kind) => {
      const { kinds } = recorded();
      const key = `${group}/${version}/${kind}`;
      return Object.hasOwn(kinds, key) ? kinds[key] : undefined;
    },
    struct: (component) => {
      const known = structs.get(component);
      if (known !== undefined) return known;
      const texts = recorded().types[component];
      if (texts === undefined) return empty;
      const struct = new Map(Object.entries(texts).map(([name, text]) => [name, field(text)]));
      structs.set(component, struct);
      return struct;
    },
  };
}
