import { expect, it } from "vitest";
import { serviceAccountFor } from "./service-account.ts";
import type { AppProject } from "./types.ts";

const inCluster = "https://kubernetes.default.svc";

function project(
  ...entries: readonly (readonly [server: string, namespace: string, account: string])[]
): AppProject {
  const destinationServiceAccounts = entries.map(([server, namespace, defaultServiceAccount]) => ({
    server,
    namespace,
    defaultServiceAccount,
  }));
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "AppProject",
    metadata: { name: "shop" },
    spec: { destinationServiceAccounts },
  };
}

function said(of: AppProject, namespace: string): string {
  const found = serviceAccountFor(of, { server: inCluster, namespace, applicationNamespace: "argocd" });
  return found.ok ? found.user : found.message;
}

it("takes the first entry that matches", () => {
  const of = project([inCluster, "shop-*", "deployer"], [inCluster, "*", "ops:fallback"]);
  expect(said(of, "shop-prod")).toBe("system:serviceaccount:shop-prod:deployer");
  expect(said(of, "web")).toBe("system:serviceaccount:ops:fallback");
});

it("takes the Application's namespace where the destination names none", () => {
  expect(said(project(["*", "*", "deployer"]), "")).toBe("system:serviceaccount:argocd:deployer");
});

it("lets nobody write where no entry matches, and where one names no account", () => {
  expect(said(project(["https://elsewhere", "*", "a"]), "web")).toBe(
    `project "shop": no entry of spec.destinationServiceAccounts matches cluster ${inCluster} with namespace "web"; add one`,
  );
  expect(said(project(["!x", "*", "a"]), "web")).toContain("no entry");
  for (const account of ["", "*", "a:b:c", "Ada", "system:masters/x"]) {
    expect(said(project(["*", "*", account]), "web")).toContain("write NAME or NAMESPACE:NAME");
  }
});
