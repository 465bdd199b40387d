/** What is read of one Go file: enough for the API types, which gofmt lays out one declaration and one field a line. */
export interface GoFile {
  /** Import path of its package. */
  readonly package: string;
  /** Import paths by the name under which the file knows them. */
  readonly imports: ReadonlyMap<string, string>;
  readonly structs: ReadonlyMap<string, readonly GoField[]>;
  /** Named types that are no structs: `type PullPolicy string`. */
  readonly definitions: ReadonlyMap<string, string>;
  /** OpenAPI component of a type, as its generated method tells. */
  readonly models: ReadonlyMap<string, string>;
}

interface GoField {
  readonly type: string;
  /** The json tag's value. */
  readonly json: string;
  readonly isEmbedded: boolean;
}

export function parseGoFile(text: string, packagePath: string): GoFile {
  return {
    package: packagePath,
    imports: importsOf(text),
    structs: structsOf(text),
    definitions: new Map(
      [...text.matchAll(/^type (\w+)(?: =)? ((?!struct\b|interface\b)[\w.[\]*]+)$/gm)].map(
        ([, name = "", type = ""]) => [name, type],
      ),
    ),
    models: new Map(
      [...text.matchAll(/^func \(in (\w+)\) OpenAPIModelName\(\) string \{\s*return "([^"]+)"/gm)].map(
        ([, name = "", model = ""]) => [name, model],
      ),
    ),
  };
}

function importsOf(text: string): ReadonlyMap<string, string> {
  const block = /^import \(([\s\S]*?)^\)/m.exec(text)?.[1] ?? "";
  const single = /^import ((?:\w+ )?"[^"]+")/m.exec(text)?.[1] ?? "";
  return new Map(
    [...`${block}\n${single}`.matchAll(/^\s*(?:(\w+) )?"([^"]+)"/gm)].map(([, alias, path = ""]) => [
      alias ?? path.split("/").at(-1) ?? "",
      path,
    ]),
  );
}

function structsOf(text: string): ReadonlyMap<string, readonly GoField[]> {
  const structs = new Map<string, readonly GoField[]>();
  for (const [, name = "", body = ""] of text.matchAll(/^type (\w+) struct ?\{(?:\}|(.*?)^\})/gms)) {
    const fields = [...body.matchAll(/^\t(?:(\w+)\s+)?(\S+)\s+`[^`\n]*json:"([^"]*)"[^`\n]*`/gm)];
    structs.set(
      name,
      fields.map(([, field, type = "", json = ""]) => ({ type, json, isEmbedded: field === undefined })),
    );
  }
  return structs;
}
