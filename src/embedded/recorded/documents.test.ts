import { describe, expect, it } from "vitest";
import { isJsonObject, viewObject, viewString } from "#core/object/index.ts";
import { builtInKinds } from "../kinds/builtin-kinds.ts";
import { openRecordedDocuments } from "./documents.ts";

const documents = openRecordedDocuments();

describe("the recorded documents", () => {
  it("say which version they are of", () => {
    expect(viewString(documents.index.version, "gitVersion")).toMatch(/^v1\.\d+\.\d+$/);
  });

  it("have an OpenAPI document of each group version, and nothing else", () => {
    for (const path of Object.keys(documents.index.openApi)) {
      const document: unknown = JSON.parse(documents.openApiV3(path) ?? "");
      expect(isJsonObject(document) ? viewString(document, "openapi") : path).toBe("3.0.0");
    }
    expect(documents.openApiV3("apis/none.example.com/v1")).toBeUndefined();
  });

  it("have the Go type of each kind that is stored", () => {
    const { kinds, types } = documents.types;
    const untyped = builtInKinds(documents)
      .map(({ group, version, kind }) => `${group}/${version}/${kind}`)
      .filter((key) => types[kinds[key] ?? ""] === undefined);
    expect(untyped).toEqual([]);
  });

  it("have no custom kinds", () => {
    const v2: unknown = JSON.parse(documents.openApiV2());
    const names = Object.keys(isJsonObject(v2) ? viewObject(v2, "definitions") : {});
    expect(names.filter((name) => !name.startsWith("io.k8s."))).toEqual([]);
  });
});
