import { describe, expect, it } from "vitest";
import { messageOf } from "#core/errors/index.ts";
import type { JsonObject } from "#core/object/index.ts";
import { withoutSource } from "../commands/app/remove-source.ts";
import { command as unsetCommand, unsetSpec } from "../commands/app/unset.ts";
import type { Invocation } from "../command.ts";
import { defineCommand, noArgs } from "../command.ts";
import { parseInvocation } from "../parse.ts";
import { applySpecFlags, specFlags } from "../spec-flags.ts";
import { sourceChoiceFlags } from "./flags.ts";
import { readLiteral } from "./read-literal.ts";

const flags = { ...specFlags, ...sourceChoiceFlags };
const command = defineCommand({
  name: "t",
  summary: "t",
  args: noArgs,
  flags,
  run: () => Promise.resolve(0),
});

function outcome(work: () => unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(work()));
  } catch (error) {
    return messageOf(error);
  }
}

function set(spec: JsonObject, line: string, literal?: string): unknown {
  const parsed = parseInvocation(command, line.split(" ")) as unknown as Invocation<typeof flags>;
  const { "source-position": position, "source-name": name } = parsed.flags;
  return outcome(() => applySpecFlags(spec, parsed.flags, { literal, choice: { position, name } }));
}

function unset(spec: JsonObject, line: string): unknown {
  const parsed = parseInvocation(unsetCommand, ["web", ...line.split(" ")]);
  return outcome(() => unsetSpec(spec, parsed.flags as unknown as Parameters<typeof unsetSpec>[1]));
}

const git = { repoURL: "https://git.example.com/shop.git", path: "web" };

describe("flags of a Helm source", () => {
  it("describe a chart of a repository whole", () => {
    expect(
      set(
        {},
        "--repo https://charts.example.com --helm-chart nginx --revision 1.2.3 --release-name front --values a.yaml --values $values/b.yaml --ignore-missing-value-files --helm-set a=1 --helm-set-string b=2 --helm-set-file c=c.txt -p d=x=y --helm-version v3 --helm-pass-credentials --helm-skip-crds --helm-skip-tests --helm-skip-schema-validation --helm-namespace ns --helm-kube-version 1.30 --helm-api-versions a/v1",
        "x: 1\n",
      ),
    ).toEqual({
      source: {
        repoURL: "https://charts.example.com",
        chart: "nginx",
        targetRevision: "1.2.3",
        helm: {
          valueFiles: ["a.yaml", "$values/b.yaml"],
          ignoreMissingValueFiles: true,
          releaseName: "front",
          version: "v3",
          passCredentials: true,
          skipCrds: true,
          skipTests: true,
          skipSchemaValidation: true,
          namespace: "ns",
          kubeVersion: "1.30",
          apiVersions: ["a/v1"],
          parameters: [
            { name: "d", value: "x=y" },
            { name: "a", value: "1" },
            { name: "b", value: "2", forceString: true },
          ],
          fileParameters: [{ name: "c", path: "c.txt" }],
          values: "x: 1\n",
        },
      },
      destination: {},
    });
  });

  it("change a parameter in its place, and put a file's values over an object", () => {
    const helm = {
      valuesObject: { x: 1 },
      parameters: [
        { name: "a", value: "1", forceString: true },
        { name: "b", value: "2" },
      ],
    };
    expect(set({ source: { ...git, helm } }, "--helm-set a=3", "y: 2\n")).toMatchObject({
      source: {
        helm: {
          values: "y: 2\n",
          parameters: [
            { name: "a", value: "3" },
            { name: "b", value: "2" },
          ],
        },
      },
    });
    expect(set({ source: git }, "--helm-set a")).toBe('flag --helm-set: "a" is no KEY=VALUE');
  });
});

describe("flags of a Kustomize source", () => {
  it("write every edit, an image in place of the same image", () => {
    const kustomize = {
      images: ["web:1", "registry.example:5000/db:1"],
      replicas: [{ name: "web", count: 1 }],
    };
    expect(
      set(
        { source: { ...git, kustomize } },
        "--nameprefix a- --namesuffix -b --kustomize-image web=registry.example/web:2 --kustomize-image registry.example:5000/db@sha256:ab --kustomize-replica web=3 --kustomize-namespace ns --kustomize-version v5 --kustomize-common-label a=b --kustomize-common-annotation c=d --kustomize-force-common-label --kustomize-force-common-annotation --kustomize-label-without-selector --kustomize-label-include-templates --kustomize-kube-version 1.30 --kustomize-api-versions a/v1 --ignore-missing-components",
      ),
    ).toEqual({
      source: {
        ...git,
        kustomize: {
          namePrefix: "a-",
          nameSuffix: "-b",
          images: ["web=registry.example/web:2", "registry.example:5000/db@sha256:ab"],
          replicas: [{ name: "web", count: 3 }],
          namespace: "ns",
          version: "v5",
          commonLabels: { a: "b" },
          commonAnnotations: { c: "d" },
          forceCommonLabels: true,
          forceCommonAnnotations: true,
          labelWithoutSelector: true,
          labelIncludeTemplates: true,
          kubeVersion: "1.30",
          apiVersions: ["a/v1"],
          ignoreMissingComponents: true,
        },
      },
      destination: {},
    });
    expect(set({ source: git }, "--kustomize-replica web=many")).toBe(
      'flag --kustomize-replica: "web=many" is no NAME=COUNT',
    );
  });
});

describe("flags of a Jsonnet source", () => {
  it("write variables and libraries", () => {
    expect(
      set(
        { source: git },
        "--jsonnet-tla-str a=1 --jsonnet-tla-code b=[1] --jsonnet-ext-var-str c=2 --jsonnet-ext-var-code d={} --jsonnet-libs lib",
      ),
    ).toMatchObject({
      source: {
        directory: {
          jsonnet: {
            tlas: [
              { name: "a", value: "1" },
              { name: "b", value: "[1]", code: true },
            ],
            extVars: [
              { name: "c", value: "2" },
              { name: "d", value: "{}", code: true },
            ],
            libs: ["lib"],
          },
        },
      },
    });
  });
});

describe("flags about one of several sources", () => {
  const sources = [git, { repoURL: "https://git.example.com/values.git", ref: "values", name: "extra" }];

  it("change the one that a position or a name chooses", () => {
    const expected = { sources: [git, { ...sources[1], targetRevision: "v2" }] };
    expect(set({ sources }, "--revision v2 --source-position 2")).toMatchObject(expected);
    expect(set({ sources }, "--revision v2 --source-name extra")).toMatchObject(expected);
  });

  it("say what there is when they choose none", () => {
    expect([
      set({ sources }, "--revision v2 --source-position 3"),
      set({ sources }, "--revision v2 --source-name other"),
      set({ sources }, "--revision v2 --source-position 1 --source-name extra"),
      set({ source: git }, "--revision v2 --source-position 1"),
    ]).toEqual([
      "flag --source-position: there is no source 3; the application has 2",
      "flag --source-name: no source is called other; there are extra",
      "flags --source-position and --source-name: give one of them",
      "flags --source-position and --source-name: the application has one source, spec.source",
    ]);
  });

  it("remove one, but not the last", () => {
    expect(withoutSource({ sources }, { position: 1, name: undefined })).toEqual({ sources: [sources[1]] });
    expect(outcome(() => withoutSource({ sources: [git] }, { position: 1, name: undefined }))).toBe(
      "app remove-source: it is the application's only source; delete the application instead",
    );
  });

  it("take settings off the one that is chosen", () => {
    expect(unset({ sources }, "--ref --source-position 2")).toEqual({
      sources: [git, { repoURL: "https://git.example.com/values.git", name: "extra" }],
    });
    expect(unset({ sources }, "--ref")).toBe(
      "flags change one source and the application has several; say which with --source-position or --source-name",
    );
    expect(unset({ source: git }, "--ref --source-position 5")).toBe(
      "flags --source-position and --source-name: the application has one source, spec.source",
    );
  });
});

describe("app unset", () => {
  it("removes what is named and leaves no empty block behind", () => {
    const source = {
      ...git,
      helm: {
        valueFiles: ["a.yaml", "b.yaml"],
        parameters: [{ name: "a", value: "1" }],
        releaseName: "x",
        values: "y",
      },
      kustomize: { images: ["web:1"], commonLabels: { a: "b" }, namePrefix: "p" },
      directory: { recurse: true, jsonnet: { tlas: [{ name: "t", value: "1" }] } },
    };
    expect(
      unset(
        { source },
        "--values b.yaml -p a --release-name --kustomize-image web --kustomize-common-label a --nameprefix --jsonnet-tla t",
      ),
    ).toEqual({
      source: { ...git, helm: { valueFiles: ["a.yaml"], values: "y" }, directory: { recurse: true } },
    });
    expect(unset({ source }, "--directory --values-literal")).toEqual({
      source: {
        ...git,
        helm: { valueFiles: ["a.yaml", "b.yaml"], parameters: [{ name: "a", value: "1" }], releaseName: "x" },
        kustomize: source.kustomize,
      },
    });
  });
});

describe("the file of --values-literal-file", () => {
  it("that cannot be read is the user's to repair, and no bug", async () => {
    const readFile = () => Promise.reject(new Error("ENOENT: no such file or directory, open 'v.yaml'"));
    await expect(readLiteral("v.yaml", { readFile })).rejects.toMatchObject({
      code: "CLI_USAGE",
      message: "file v.yaml: cannot be read: ENOENT: no such file or directory, open 'v.yaml'",
    });
    expect(await readLiteral(undefined, { readFile })).toBeUndefined();
  });
});
