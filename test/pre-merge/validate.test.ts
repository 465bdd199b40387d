import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { startPlainCli } from "./run.ts";

async function startValidate(files: Readonly<Record<string, string>>) {
  const cli = await startPlainCli();
  const root = join(cli.directory, "work");
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  const validate = async (...argv: readonly string[]) => {
    const { code, out, err } = await cli.run("validate", ...argv);
    return { code, out: out.replaceAll(`${root}/`, ""), err };
  };
  return { root, validate };
}

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replica: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        ports:
        - containerPort: "80"
        env:
        - {name: DEBUG, value: yes}
`;

const definition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {kind: Widget, plural: widgets}
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            required: [size]
            properties:
              size: {type: string, enum: [small, large]}
`;

const widget = "apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: w}\nspec:\n  sise: small\n";

describe("mooring validate", () => {
  it("names file, line and field of what an API server would refuse", async () => {
    const { root, validate } = await startValidate({ "a.yaml": deployment, "values.yaml": "replicas: 2\n" });
    const { code, out } = await validate(root);
    expect(code).toBe(1);
    expect(out).toMatchInlineSnapshot(`
      "a.yaml:5: error: Deployment shop/web: field spec.replica is no field of this kind; did you mean replicas?
      a.yaml:13: error: Deployment shop/web: field spec.template.spec.containers[0].ports[0].containerPort is text; write a whole number
      a.yaml:15: error: Deployment shop/web: field spec.template.spec.containers[0].env[0].value is true or false; write text
      1 objects checked: 3 errors, 0 warnings
      "
    `);
  });

  it("finds nothing wrong with what Mooring installs, nor with objects as API servers print them", async () => {
    const { root, validate } = await startValidate({
      "list.yaml":
        "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: a, creationTimestamp: null}\n  data: {day: '2026-01-01'}\n",
    });
    expect(await validate("manifests", root)).toMatchObject({ code: 0, err: "" });
  });

  it("says which APIs are deprecated and removed in the version of the cluster, and what to write", async () => {
    const ingress = "apiVersion: networking.k8s.io/v1beta1\nkind: Ingress\nmetadata: {name: i}\n";
    const { root, validate } = await startValidate({ "i.yaml": ingress });
    const say = async (version: string, ...more: readonly string[]) =>
      await validate(root, "--kubernetes-version", version, ...more);
    expect(await say("1.18", "--ignore-missing-schemas")).toMatchObject({ code: 0 });
    const deprecated = await say("v1.21.3");
    expect(deprecated).toMatchObject({ code: 0 });
    expect(deprecated.out).toContain(
      "i.yaml:1: warning: Ingress i: networking.k8s.io/v1beta1 Ingress is deprecated and will be gone in Kubernetes 1.22; write networking.k8s.io/v1",
    );
    expect((await say("1.21", "--strict")).code).toBe(1);
    const removed = await say("1.30");
    expect(removed).toMatchObject({ code: 1 });
    expect(removed.out).toContain(
      "is not served by Kubernetes 1.30: it was removed in 1.22; write networking.k8s.io/v1",
    );
    expect((await say("latest")).err).toContain("is no version");
  });

  it("checks custom kinds by definitions among the files and those that are given", async () => {
    const { root, validate } = await startValidate({ "crds/widget.yaml": definition, "app/w.yaml": widget });
    const problem =
      "app/w.yaml:5: error: Widget w: field spec.sise is no field of this kind; did you mean size?";
    expect((await validate(root)).out).toContain(problem);
    expect((await validate(join(root, "app"), "--crds", join(root, "crds"))).out).toContain(problem);
    const unknown = await validate(join(root, "app"));
    expect(unknown.code).toBe(1);
    expect(unknown.out).toContain(
      "app/w.yaml:2: error: Widget w: no schema is known of example.com/v1 Widget",
    );
    expect(await validate(join(root, "app"), "--ignore-missing-schemas")).toMatchObject({ code: 0 });
  });

  it("checks what charts, kustomizations and Jsonnet render to, and names what it was made from", async () => {
    const { root, validate } = await startValidate({
      "chart/Chart.yaml": "apiVersion: v2\nname: chart\nversion: 1.0.0\n",
      "chart/templates/c.yaml":
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n{{ .Values.field }}: {}\n",
      "chart/values.yaml": "field: datta\n",
      "overlay/kustomization.yaml": "resources: [k.yaml]\n",
      "overlay/k.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: k}\ndatta: {}\n",
      "part/kustomization.yaml":
        "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: [nowhere.yaml]\n",
      "j/j.jsonnet": '{apiVersion: "v1", kind: "ConfigMap", metadata: {name: "j"}, datta: {}}',
      "broken/kustomization.yaml": "resources: [nowhere.yaml]\n",
    });
    const { code, out } = await validate(root);
    expect(code).toBe(1);
    expect(out.split("\n").map((line) => line.slice(0, 60))).toMatchInlineSnapshot(`
      [
        "broken: error: cannot be rendered: accumulating resources: a",
        "chart/templates/c.yaml: error: ConfigMap c: field datta is n",
        "j/j.jsonnet: error: ConfigMap j: field datta is no field of ",
        "overlay: error: ConfigMap k: field datta is no field of this",
        "3 objects checked: 4 errors, 0 warnings",
        "",
      ]
    `);
    expect(await validate(join(root, "chart"), "--helm-set", "field=data")).toMatchObject({ code: 0 });
  });

  it("never shows a value of a Secret: not where its type is wrong, nor where the file is broken", async () => {
    const head = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n";
    const { root, validate } = await startValidate({
      "type.yaml": `${head}data: {pin: 48151623}\ntype: [hunter2]\n`,
      "twice.yaml": `${head}stringData: {password: hunter2}\nstringData: {password: hunter3}\n`,
      "broken.yaml": `${head}stringData: {password: "hunter2\n`,
    });
    for (const format of ["text", "json", "github"]) {
      const { code, out, err } = await validate(root, "-o", format);
      expect({ code, shown: /hunter|48151623/u.test(out + err) }).toEqual({ code: 1, shown: false });
    }
    expect((await validate(root)).out).toMatch(
      /twice\.yaml:5: error: the file key stringData is there twice/u,
    );
  });

  it("writes annotations that no file name and no key can break out of, and a JUnit report", async () => {
    const { root, validate } = await startValidate({
      "a,b.yaml": `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "x%\\n::error::y"}\nbad: {}\n`,
    });
    const junit = join(root, "junit.xml");
    const { out } = await validate(root, "-o", "github", "--junit", junit);
    const lines = out.split("\n");
    expect(lines[0]).toMatch(/^::error file=.*a%2Cb\.yaml,line=4::ConfigMap x%25%0A::error::y: field bad/u);
    expect(lines.filter((line) => line.startsWith("::"))).toHaveLength(1);
    expect(await readFile(junit, "utf8")).toMatch(
      /tests="1" failures="1".*line="4"><failure message="field bad is no field/su,
    );
  });

  it("bounds what hostile files may cost and follows no link out of the directory", async () => {
    const bomb = `a: &a [x]\n${"bcdefghij"
      .split("")
      .map(
        (name, i) =>
          `${name}: &${name} [${Array.from({ length: 12 }, () => `*${"abcdefghi"[i]}`).join(", ")}]\n`,
      )
      .join("")}`;
    const { root, validate } = await startValidate({
      "bomb.yaml": bomb,
      "deep.yaml": "[".repeat(50_000),
      "wide.yaml": `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n${Array.from({ length: 5_000 }, (_, i) => `f${i}: 1\n`).join("")}`,
    });
    await symlink("/etc", join(root, "etc"));
    await symlink("/etc/passwd", join(root, "passwd.yaml"));
    const { code, out } = await validate(root);
    expect(code).toBe(1);
    expect(out).toMatch(/bomb\.yaml:\d+: error: the file aliases refer to too much/u);
    expect(out).toMatch(/deep\.yaml:\d+: error: the file /u);
    expect(out.split("\n").filter((line) => line.startsWith("wide.yaml")).length).toBe(100);
    expect(out).not.toContain("passwd");
  });

  it("cannot check what is not there, and says so with a code of its own", async () => {
    const { root, validate } = await startValidate({ "a.yaml": "hello\n" });
    expect((await validate()).code).toBe(2);
    const missing = await validate(join(root, "nowhere"));
    expect({ code: missing.code, out: missing.out }).toEqual({ code: 2, out: "" });
    expect((await validate(join(root, "a.yaml"))).out).toContain(
      "a.yaml:1: error: it is no object; write a map",
    );
  });
});
