import { describe, expect, it } from "vitest";
import type { AppProject, AppProjectSpec } from "#core/project/index.ts";
import { integrityPolicyOf, integrityProblems } from "./policy.ts";

function project(spec: AppProjectSpec): AppProject {
  return { apiVersion: "argoproj.io/v1alpha1", kind: "AppProject", metadata: { name: "shop" }, spec };
}

function policies(...list: readonly (readonly [url: string, mode: string, ...keys: string[]])[]) {
  return {
    sourceIntegrity: {
      git: { policies: list.map(([url, mode, ...keys]) => ({ repos: [{ url }], gpg: { mode, keys } })) },
    },
  };
}

const id = "4AEE18F83AFDEB23";

describe("integrityPolicyOf", () => {
  const said = (spec: AppProjectSpec, url: string) => {
    const found = integrityPolicyOf(project(spec), url, {});
    return found === undefined ? "nothing" : `${found.mode} ${found.keys.join()} by ${found.field}`;
  };

  it("takes the first policy that matches, and none of those after it", () => {
    const spec = policies(
      ["https://git.example.com/shop/secure", "strict", id],
      ["https://git.example.com/legacy/*", "none"],
      ["https://git.example.com/*", "head", `0x${id.toLowerCase()}`],
    );
    const by = (i: number) => `by spec.sourceIntegrity.git.policies[${i}]`;
    expect(said(spec, "https://git.example.com/shop/secure.git")).toBe(`strict ${id} ${by(0)}`);
    expect(said(spec, "https://git.example.com/legacy/old")).toBe("nothing");
    expect(said(spec, "https://git.example.com/deep/down/web")).toBe(`head ${id} ${by(2)}`);
    expect(said(spec, "https://elsewhere.example.com/shop")).toBe("nothing");
  });

  it("takes signatureKeys for a policy of all repositories", () => {
    expect(said({ signatureKeys: [{ keyID: id }] }, "https://any.example.com/x")).toBe(
      `head ${id} by spec.signatureKeys`,
    );
    expect(said({ signatureKeys: [] }, "https://any.example.com/x")).toBe("nothing");
  });
});

describe("integrityProblems", () => {
  const problems = (spec: AppProjectSpec) => integrityProblems(spec).map(({ message }) => message);

  it("has nothing against ids, fingerprints and SSH fingerprints", () => {
    const ssh = `SHA256:${"a".repeat(43)}`;
    expect(problems(policies(["*", "head", id, "A".repeat(40), ssh, `${ssh}=`]))).toEqual([]);
  });

  it("names what is wrong and what to write", () => {
    const field = "spec.sourceIntegrity.git.policies[0]";
    expect(problems(policies(["*", "Strict", id]))).toEqual([
      `${field}.gpg.mode is "Strict"; write none, head or strict`,
    ]);
    expect(problems(policies(["*", "strict"]))).toEqual([
      `${field}.gpg.keys is empty, so that nothing could be deployed; name keys`,
    ]);
    expect(problems(policies(["*", "head", "3AFDEB23"]))).toEqual([
      `${field} names the key "3AFDEB23"; write the 16 or 40 digits of a PGP key, or SHA256:… of an SSH key`,
    ]);
    expect(problems({ ...policies(["*", "head", id]), signatureKeys: [{ keyID: id }] })).toEqual([
      "spec.signatureKeys is set beside spec.sourceIntegrity; keep one of them",
    ]);
  });
});
