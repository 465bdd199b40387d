import { describe, expect, it } from "vitest";
import {
  anonymous,
  applicationObject,
  customAction,
  partAction,
  scopedObject,
  subjectOfClaims,
} from "./index.ts";
import { can, enforcerOf } from "./testing.ts";

describe("subjectOfClaims", () => {
  const options = { scopes: ["groups"], isOwn: false };

  it("takes the user that Dex names before sub, and the groups of the claims", () => {
    expect(subjectOfClaims({ sub: "ada", groups: ["devs", 3, "", "ops"] }, options)).toEqual({
      subject: "ada",
      groups: ["devs", "ops"],
    });
    expect(subjectOfClaims({ sub: "CgNhZGE", federated_claims: { user_id: "ada" } }, options).subject).toBe(
      "ada",
    );
    expect(subjectOfClaims({}, options)).toEqual(anonymous);
  });

  it("finds scopes as names of claims first, then as paths", () => {
    const claims = {
      "cognito:groups": ["a"],
      "https://shop.example/groups": "b",
      "realm_access.roles": "c",
      realm_access: { roles: ["never"] },
      resource_access: { argocd: { roles: ["d", "e"] } },
    };
    const scopes = [
      "cognito:groups",
      "https://shop.example/groups",
      "realm_access.roles",
      "resource_access.argocd.roles",
      "toString",
      "constructor.name",
    ];
    expect(subjectOfClaims(claims, { scopes, isOwn: false }).groups).toEqual(["a", "b", "c", "d", "e"]);
  });

  it("lets nobody outside be called like a project's token or a role", () => {
    for (const sub of ["proj:shop:deployer", "role:admin"]) {
      expect(subjectOfClaims({ sub, groups: ["devs"] }, options)).toEqual({ subject: "", groups: ["devs"] });
      expect(subjectOfClaims({ sub }, { ...options, isOwn: true }).subject).toBe(sub);
    }
  });
});

describe("objects of requests", () => {
  it("are written as rules name them", () => {
    const app = { project: "shop", namespace: "argocd", name: "web" };
    expect([
      applicationObject(app, "argocd"),
      applicationObject({ ...app, namespace: "team-a" }, "argocd"),
      applicationObject({ ...app, project: "" }, "argocd"),
      scopedObject("", "https://git.example/a"),
      scopedObject("shop", "https://git.example/a"),
      partAction("update", { group: "", kind: "Pod", namespace: "shop", name: "web-1" }),
      customAction({ group: "apps", kind: "Deployment" }, "restart"),
    ]).toEqual([
      "shop/web",
      "shop/team-a/web",
      "default/web",
      "https://git.example/a",
      "shop/https://git.example/a",
      "update//Pod/shop/web-1",
      "action/apps/Deployment/restart",
    ]);
  });

  it("hold no names with a slash, which would pass for another namespace, kind or project", () => {
    const app = { project: "shop", namespace: "argocd", name: "team-a/web" };
    expect(() => applicationObject(app, "argocd")).toThrow(
      'name "team-a/web": has a slash, which no name has; correct it',
    );
    expect(() => applicationObject({ ...app, name: "web", project: "shop/team-a" }, "argocd")).toThrow(
      "slash",
    );
    expect(() => scopedObject("shop/x", "https://git.example/a")).toThrow("slash");
    expect(() => partAction("delete", { group: "a/b", kind: "Pod", namespace: "", name: "x" })).toThrow(
      "slash",
    );
    expect(() => customAction({ group: "", kind: "Pod" }, "Pod/restart")).toThrow("slash");
  });
});

describe("moving an Application to another project", () => {
  // Class: authorisation.
  it("needs rights on what it is and on what it becomes", () => {
    const enforcer = enforcerOf("p, ada, applications, *, shop/*, allow");
    expect(can(enforcer, "ada", "applications update shop/web")).toBe(true);
    expect(can(enforcer, "ada", "applications create bank/web")).toBe(false);
  });
});

describe("a token of a project", () => {
  it("reads no repository of another project, and none that belongs to no project", () => {
    const enforcer = enforcerOf("p, proj:shop:ci, applications, *, shop/*, allow");
    for (const object of [
      "https://git.example/a",
      "bank/https://git.example/a",
      "shop/https://git.example/a",
    ])
      expect(can(enforcer, "proj:shop:ci", `repositories get ${object}`)).toBe(false);
    expect(can(enforcer, "proj:shop:ci", "projects get shop")).toBe(false);
  });
});
