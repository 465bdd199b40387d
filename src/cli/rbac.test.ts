import { describe, expect, it } from "vitest";
import { runCli } from "./main.ts";
import { createTestPorts } from "./testing.ts";

async function rbac(files: Readonly<Record<string, string>>, ...argv: readonly string[]) {
  const ports = createTestPorts();
  const readFile = (file: string) => {
    const text = files[file];
    return text === undefined ? Promise.reject(new Error("no such file")) : Promise.resolve(text);
  };
  const code = await runCli(["admin", "settings", "rbac", ...argv], { ...ports, readFile });
  return { code, out: ports.printed(), err: ports.complained() };
}

const csv =
  "p, role:dev, applications, sync, shop/*, allow\ng, ada, role:dev\np, devs, logs, get, shop/*, allow\n";
const configMap = `apiVersion: v1
kind: ConfigMap
metadata: { name: argocd-rbac-cm }
data:
  policy.default: role:readonly
  policy.csv: |
    p, ada, applications, get, shop/*, deny
`;
const files = {
  "policy.csv": csv,
  "cm.yaml": configMap,
  "bad.csv": "p, ada, logs, get, shop/[, deny\n",
  "empty.csv": "\n",
};
const fromCsv = ["--policy-file", "policy.csv"];
const fromYaml = ["--policy-file", "cm.yaml"];

describe("admin settings rbac can", () => {
  it("answers Yes or No, and says why beside it", async () => {
    expect(await rbac(files, "can", "ada", "sync", "app", "shop/web", ...fromCsv)).toEqual({
      code: 0,
      out: "Yes\n",
      err: "because of policy.csv line 1: p, role:dev, applications, sync, shop/*, allow\n",
    });
    expect(await rbac(files, "can", "ada", "delete", "app", "shop/web", ...fromCsv)).toEqual({
      code: 1,
      out: "No\n",
      err: "because no line allows it\n",
    });
    expect(await rbac(files, "can", "ada", "sync", "app", "shop/web", "-q", ...fromCsv)).toEqual({
      code: 0,
      out: "",
      err: "",
    });
  });

  it("reads a ConfigMap with its default role, which a flag may replace", async () => {
    expect(await rbac(files, "can", "eve", "get", "apps", ...fromYaml)).toMatchObject({ out: "Yes\n" });
    expect(
      await rbac(files, "can", "eve", "get", "apps", "--default-role", "role:none", ...fromYaml),
    ).toMatchObject({
      out: "No\n",
    });
    expect(await rbac(files, "can", "admin", "delete", "proj", "x", ...fromYaml)).toMatchObject({
      out: "Yes\n",
    });
    expect(
      await rbac(files, "can", "admin", "delete", "proj", "x", "--use-builtin-policy=false", ...fromYaml),
    ).toMatchObject({ out: "No\n", code: 1 });
  });

  it("says that a group's own lines count only beside a g line", async () => {
    expect((await rbac(files, "can", "devs", "get", "logs", "shop/web", ...fromCsv)).err).toContain(
      "note: if devs is a group, its p lines count only beside a line g, devs, <role>\n",
    );
  });

  it("refuses resources and actions that do not exist, unless told not to be strict", async () => {
    expect(await rbac(files, "can", "ada", "get", "aplications", ...fromCsv)).toMatchObject({
      code: 20,
      err: 'mooring: resource "aplications": does not exist\n  did you mean applications?\n',
    });
    expect(await rbac(files, "can", "ada", "delete/x", "logs", ...fromCsv)).toMatchObject({
      code: 20,
      err: 'mooring: action "delete/x": does not exist for logs\n  use get, or --strict=false\n',
    });
    expect(await rbac(files, "can", "ada", "get", "x", "--strict=false", ...fromCsv)).toMatchObject({
      out: "No\n",
    });
  });

  it("takes a file or a namespace, not both, and says what a file lacks", async () => {
    expect((await rbac(files, "can", "a", "get", "app", "--namespace", "x", ...fromCsv)).err).toContain(
      "only one",
    );
    expect((await rbac({}, "can", "a", "get", "app", ...fromCsv)).err).toContain(
      "file policy.csv: cannot be read",
    );
    const other = { "policy.csv": "apiVersion: v1\nkind: Secret\nmetadata: {}\n" };
    expect((await rbac(other, "can", "a", "get", "app", ...fromCsv)).err).toContain(
      "neither CSV nor a ConfigMap",
    );
  });
});

describe("admin settings rbac validate", () => {
  it("says whether a policy has mistakes", async () => {
    expect(await rbac(files, "validate", ...fromCsv)).toEqual({
      code: 0,
      out: "Policy is valid.\n",
      err: "",
    });
    expect(await rbac(files, "validate", ...fromYaml)).toMatchObject({ code: 0 });
    const bad = await rbac(files, "validate", "--policy-file", "bad.csv");
    expect(bad.code).toBe(1);
    expect(bad.out).toMatch(/^Policy is invalid: bad.csv line 1: its object "shop\/\[" is not a glob/u);
    expect((await rbac(files, "validate", "--policy-file", "empty.csv")).err).toContain("policy: is empty");
  });
});
