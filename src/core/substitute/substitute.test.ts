import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { KubeObject, StringMap } from "#core/object/index.ts";
import type { VariableLookup } from "./index.ts";
import { collectVariables, parseVariableOptions, substitutes, substituteText } from "./index.ts";

interface Recorded {
  readonly variables: StringMap;
  /** `out` is null for an error; `strict` is given where it differs. */
  readonly cases: readonly {
    readonly text: string;
    readonly out: string | null;
    readonly strict?: string | null;
  }[];
}

const { variables, cases } = JSON.parse(
  readFileSync("src/core/substitute/testdata/cases.json", "utf8"),
) as Recorded;

function substituted(text: string, strict: boolean): string | null {
  try {
    const options = { variables: new Map(Object.entries(variables)), strict, subject: "ConfigMap/a" };
    return substituteText(text, options);
  } catch (error) {
    expect(error).toMatchObject({ code: "RENDER_INVALID" });
    return null;
  }
}

describe("variables in a text", () => {
  it.each(cases)("are replaced as Flux replaces them: $text", ({ text, out, strict }) => {
    expect(substituted(text, false)).toBe(out);
    expect(substituted(text, true)).toBe(strict === undefined ? out : strict);
  });

  it("count characters from both ends, and take an empty pattern for every place", () => {
    expect(substituted("${path:1:-7} ${a:1:-5} ${a/#/x}", false)).toBe("srv/data/file  xabc");
  });

  it("are named by line when they cannot be read or have no value, without a value", () => {
    const options = { variables: new Map([["a", "hidden"]]), strict: true, subject: "ConfigMap/shop/a" };
    expect(() => substituteText("x: ${a}\ny: ${a", options)).toThrow(
      "ConfigMap/shop/a: line 2 of the YAML: ${ has no closing brace; write $${ where the text itself is meant",
    );
    expect(() => substituteText("x: 1\n\ny: ${b^^}", options)).toThrow(
      "ConfigMap/shop/a: line 3 of the YAML: variable b has no value; give it one, or a default as in ${b:-default}",
    );
  });

  it("stay when there is nothing to put in their place", () => {
    expect(substituteText("${a} $$ ${", { variables: new Map(), strict: true, subject: "a" })).toBe(
      "${a} $$ ${",
    );
  });

  it("end at a depth that no file needs", () => {
    expect(substituted("${missing:-".repeat(10_000), false)).toBe(null);
  });
});

describe("objects that are left as they are", () => {
  const object = (metadata: KubeObject["metadata"]): KubeObject => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata,
  });
  const mark = "kustomize.toolkit.fluxcd.io/substitute";

  it("say so by a label or an annotation", () => {
    expect(substitutes(object({ labels: { [mark]: "disabled" } }))).toBe(false);
    expect(substitutes(object({ annotations: { [mark]: "disabled" } }))).toBe(false);
    expect(substitutes(object({ annotations: { [mark]: "enabled" } }))).toBe(true);
    expect(substitutes(object({}))).toBe(true);
  });
});

describe("what an Application says about variables", () => {
  it("is read from its annotations", () => {
    expect(
      parseVariableOptions(
        {
          "mooring.dev/substitute": "# where\nREGION = eu\nURL=https://x?a=b\n\nEMPTY=",
          "mooring.dev/substitute-from": "ConfigMap/cluster-vars, Secret/tokens?\nConfigMap/last",
          "mooring.dev/substitute-strict": "true",
        },
        "argocd/shop",
      ),
    ).toEqual({
      inline: new Map([
        ["REGION", "eu"],
        ["URL", "https://x?a=b"],
        ["EMPTY", ""],
      ]),
      from: [
        { kind: "ConfigMap", name: "cluster-vars", optional: false },
        { kind: "Secret", name: "tokens", optional: true },
        { kind: "ConfigMap", name: "last", optional: false },
      ],
      strict: true,
    });
    expect(parseVariableOptions({ "mooring.dev/substitute": '{"A": "b\\nc"}' }, "argocd/shop")).toEqual({
      inline: new Map([["A", "bc"]]),
      from: [],
      strict: false,
    });
    expect(parseVariableOptions({ "mooring.dev/substitute-strict": "true" }, "argocd/shop")).toBeUndefined();
  });

  it.each([
    [
      { "mooring.dev/substitute": "A=b\nwords" },
      "mooring.dev/substitute has no = in its entry 2; write NAME=value",
    ],
    [
      { "mooring.dev/substitute": "1A=b" },
      'mooring.dev/substitute has the name "1A", which must be letters, digits and _, no digit first',
    ],
    [{ "mooring.dev/substitute": "{nope" }, "mooring.dev/substitute is no JSON map"],
    [
      { "mooring.dev/substitute": '{"A": 1}' },
      "mooring.dev/substitute must give A as text; put quotes around it",
    ],
    [
      { "mooring.dev/substitute-from": "Pod/a" },
      'mooring.dev/substitute-from must list ConfigMap/name or Secret/name, but has "Pod/a"',
    ],
    [{ "mooring.dev/substitute-strict": "yes" }, "mooring.dev/substitute-strict must be true or false"],
  ])("is refused by annotation", (annotations, problem) => {
    expect(() => parseVariableOptions(annotations as unknown as StringMap, "argocd/shop")).toThrow(
      expect.objectContaining({
        code: "APP_INVALID",
        message: `argocd/shop: annotation ${problem}`,
      }) as Error,
    );
  });
});

describe("variables from ConfigMaps and Secrets", () => {
  const given = (of: string, data: StringMap, project?: string): KubeObject => ({
    apiVersion: "v1",
    kind: of.split("/")[0] ?? "",
    metadata: {
      name: of.split("/")[1] ?? "",
      ...(project !== undefined && { labels: { "mooring.dev/variables-for": project } }),
    },
    data,
  });
  const objects = [
    given("ConfigMap/base", { A: "base", B: "one\ntwo\n" }, "any"),
    given("Secret/tokens", { B: Buffer.from("s3cret\n").toString("base64"), C: "aW4=" }, "shop"),
    given("Secret/cluster", { password: "eA==" }),
    given("ConfigMap/odd", { "a.b": "x" }, "any"),
  ];
  const lookup: VariableLookup = {
    project: "shop",
    subject: "argocd/shop",
    find: ({ kind, name }) => objects.find((one) => one.kind === kind && one.metadata.name === name),
  };
  const collect = (from: string, inline = "") =>
    collectVariables(
      parseVariableOptions(
        { "mooring.dev/substitute-from": from, "mooring.dev/substitute": inline },
        "a",
      ) ?? {
        inline: new Map(),
        from: [],
        strict: false,
      },
      lookup,
    );

  it("override one another in order, inline ones last", () => {
    expect(collect("ConfigMap/base, Secret/tokens, Secret/none?", "C=inline")).toEqual({
      variables: new Map([
        ["A", "base"],
        ["B", "s3cret"],
        ["C", "inline"],
      ]),
      strict: false,
      secrets: ["s3cret", "in"],
    });
  });

  it.each([
    [
      "ConfigMap/none",
      "CONFIG_NOT_FOUND",
      "argocd/shop: ConfigMap/none of annotation mooring.dev/substitute-from does not exist in the control-plane namespace; create it, or write ConfigMap/none? if it may be missing",
    ],
    [
      "Secret/cluster?",
      "POLICY_FORBIDDEN",
      "argocd/shop: Secret/cluster of annotation mooring.dev/substitute-from is not given to project shop; label it mooring.dev/variables-for: shop",
    ],
    [
      "ConfigMap/odd",
      "CONFIG_INVALID",
      'ConfigMap/odd: data has the name "a.b", which must be letters, digits and _, no digit first',
    ],
  ])("are refused: %s", (from, code, message) => {
    expect(() => collect(from)).toThrow(expect.objectContaining({ code, message }) as Error);
  });
});
