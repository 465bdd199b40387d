import { startBed } from "./test/ui/bed.ts";
await using bed = await startBed();
const cm = (n: string, v: string, ann = "") => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${n}${ann}}\ndata: {v: "${v}"}\n---\n`;
const job = `apiVersion: batch/v1\nkind: Job\nmetadata: {name: migrate, annotations: {argocd.argoproj.io/hook: PreSync}}\nspec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: b}]}}}\n---\n`;
const dep = `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 1, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: b}]}}}\n---\n`;
await bed.repository.commit({ "a/all.yaml": cm("settings", "1") + cm("old", "1") + dep });
const app = (name: string, annotations: Record<string, string>, policy: object) => ({
  metadata: { name, namespace: "argocd", annotations },
  spec: { project: "default", source: { repoURL: bed.repository.url, path: "a", targetRevision: "main" },
    destination: { server: "https://kubernetes.default.svc", namespace: name }, syncPolicy: policy } });
await bed.admin.send("POST", "applications", app("shop", {}, { automated: {}, syncOptions: ["CreateNamespace=true"] }) as never);
await new Promise((r) => setTimeout(r, 6000));
await bed.admin.send("PATCH", "applications/shop", { name: "shop", patchType: "merge", patch: JSON.stringify({ metadata: { annotations: { "mooring.dev/require-approval": "true" } }, spec: { syncPolicy: {automated: {prune: true}} } }) });
await bed.repository.commit({ "a/all.yaml": cm("settings", "2") + cm("new", "1", ", annotations: {argocd.argoproj.io/sync-wave: '2'}") + dep + job });
await bed.admin.get("applications/shop?refresh=normal");
await using v = await bed.visit();
const { page } = v;
await page.setViewportSize({ width: 1280, height: 1000 });
await v.open("/applications/argocd/shop");
await page.waitForTimeout(1500);
await page.getByRole("button", { name: /^Sync/ }).first().click();
await page.waitForTimeout(1500);
await page.screenshot({ path: "/tmp/uip-1.png" });
await page.getByRole("button", { name: /Change.*settings/ }).click();
await page.waitForTimeout(1000);
await page.getByRole("button", { name: "Approve this plan" }).click();
await page.waitForTimeout(1200);
await page.screenshot({ path: "/tmp/uip-2.png" });
console.log((await bed.admin.get("applications/shop")).body["status"]);
