import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { JsonValue } from "#core/object/index.ts";
import type { RunningUp } from "./fixture.ts";
import { startUp } from "./fixture.ts";

const manifests = `apiVersion: v1
kind: ConfigMap
metadata: {name: settings, labels: {example.com/tier: front}}
data: {level: info}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: odd, annotations: {example.com/note: "a\\x7fb\\x01\\u009b"}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 0
  progressDeadlineSeconds: 2000000
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: "web:1"}]}}
---
apiVersion: v1
kind: Secret
metadata: {name: login}
stringData: {password: hunter2}
`;

const settings = {
  "application.links": `
- url: https://logs.example.com/{{ .app.metadata.name }}?env={{ .project.metadata.name }}&cluster={{ .cluster.name | urlquery }}
  title: Logs of {{ .application.metadata.name | upper }}
  description: All of them
  icon.class: fa-book
- {url: "https://never.example.com", title: Never, if: application.spec.project == "other"}
- {url: "https://yes.example.com", title: "Yes", if: 'app.metadata.name startsWith "w" and not (app.spec.project == "other")'}
- {url: "javascript:alert(1)", title: Script}
- {url: "https://{{ .app.metadata.gone }}.example.com", title: Missing}
- {url: "https://a.example.com", title: Broken, if: "any(app.x, {# > 1})"}
`,
  "resource.links": `
- {url: "https://r.example.com/{{ .resource.kind }}/{{ .app.metadata.name }}", title: Object}
- {url: "https://tier.example.com/{{ index .resource.metadata.labels \\"example.com/tier\\" }}", title: Tier, if: 'resource.metadata.labels["example.com/tier"] != nil'}
- {url: "https://leak.example.com/{{ .resource.data.password }}", title: Leak}
- {url: "https://note.example.com/{{ index .resource.metadata.annotations \\"example.com/note\\" }}", title: "Note {{ index .resource.metadata.annotations \\"example.com/note\\" }}", if: resource.metadata.name == "odd"}
- {url: "https://time.example.com/{{ .resource.spec.progressDeadlineSeconds }}", title: Time, if: resource.kind == "Deployment"}
- {url: "https://leak.example.com/{{ .resource | toJson | b64enc | urlquery }}", title: All, if: resource.kind == "Secret"}
`,
  "project.links": `
- {url: "https://projects.example.com/{{ .project.metadata.name }}", title: Project}
`,
};

let up: RunningUp;

beforeAll(async () => {
  up = await startUp();
  await up.repository.commit({ "web.yaml": manifests });
  await up.deploy("web");
  await up.configure(settings);
  await vi.waitFor(async () => expect(await links("projects/default/links")).toHaveLength(1), {
    timeout: 30_000,
  });
}, 180_000);

afterAll(async () => up[Symbol.asyncDispose]());

async function links(path: string): Promise<readonly JsonValue[]> {
  const { body } = await up.admin.get(path);
  return (body["items"] ?? []) as readonly JsonValue[];
}

describe("deep links", { timeout: 60_000 }, () => {
  it("of an application are those whose condition holds, without what is wrong or no address of the web", async () => {
    expect(await links("applications/web/links")).toEqual([
      {
        url: "https://logs.example.com/web?env=default&cluster=in-cluster",
        title: "Logs of WEB",
        description: "All of them",
        iconClass: "fa-book",
      },
      { url: "https://yes.example.com", title: "Yes" },
    ]);
  });

  it("have integers as integers, and control characters in a name spoil no link", async () => {
    const object = (kind: string, name: string, group = "") =>
      links(
        `applications/web/resource/links?group=${group}&kind=${kind}&resourceName=${name}&version=v1&namespace=web`,
      );
    expect(await object("Deployment", "web", "apps")).toEqual([
      { url: "https://r.example.com/Deployment/web", title: "Object" },
      { url: "https://time.example.com/2000000", title: "Time" },
    ]);
    expect(await object("ConfigMap", "odd")).toEqual([
      { url: "https://r.example.com/ConfigMap/web", title: "Object" },
      { url: "https://note.example.com/a%7Fb%01%C2%9B", title: "Note a b  " },
    ]);
  });

  it("of an object see the object, and of a Secret no value and no hash of one", async () => {
    const object = (kind: string, name: string) =>
      links(`applications/web/resource/links?kind=${kind}&resourceName=${name}&version=v1&namespace=web`);
    expect(await object("ConfigMap", "settings")).toEqual([
      { url: "https://r.example.com/ConfigMap/web", title: "Object" },
      { url: "https://tier.example.com/front", title: "Tier" },
    ]);
    const [first, all, ...others] = await object("Secret", "login");
    expect(first).toEqual({ url: "https://r.example.com/Secret/web", title: "Object" });
    expect(others).toEqual([]);
    const { url = "" } = all as { readonly url?: string };
    const shown = Buffer.from(decodeURIComponent(new URL(url).pathname.slice(1)), "base64").toString();
    expect(JSON.parse(shown)).toMatchObject({ kind: "Secret", metadata: { name: "login" } });
    expect(shown).not.toMatch(/password|hunter2|aHVudGVyMg|<secret/u);
  });

  it("of a project see the project", async () => {
    expect(await links("projects/default/links")).toEqual([
      { url: "https://projects.example.com/default", title: "Project" },
    ]);
  });
});
