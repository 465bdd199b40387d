import { describe, expect, it } from "vitest";
import { formatBecause } from "./format.ts";
import { can, compiled, enforcerOf, projectOf } from "./testing.ts";

describe("a policy", () => {
  it("allows what a line allows and no line denies, whatever their order", () => {
    const enforcer = enforcerOf(`
      p, ada, applications, *, shop/*, allow
      p, ada, applications, delete, shop/web, deny
      p, bob, applications, delete, shop/web, deny
      p, bob, applications, *, shop/*, allow`);
    for (const name of ["ada", "bob"]) {
      expect(can(enforcer, name, "applications delete shop/api")).toBe(true);
      expect(can(enforcer, name, "applications delete shop/web")).toBe(false);
      expect(can(enforcer, name, "applications sync shop/web")).toBe(true);
      expect(can(enforcer, name, "applications sync other/web")).toBe(false);
    }
    expect(can(enforcer, "eve", "applications get shop/web")).toBe(false);
  });

  it("lets * cross slashes, in objects and in actions", () => {
    const enforcer = enforcerOf(`
      p, ada, applications, get, default/*, allow
      p, ada, applications, action/*, default/*, allow
      p, ada, applications, delete/*/Pod/*, default/*, allow`);
    expect(can(enforcer, "ada", "applications get default/team-a/web")).toBe(true);
    expect(can(enforcer, "ada", "applications get defaults/web")).toBe(false);
    expect(can(enforcer, "ada", "applications action/apps/Deployment/restart default/web")).toBe(true);
    expect(can(enforcer, "ada", "applications delete//Pod/shop/web-1 default/web")).toBe(true);
    expect(can(enforcer, "ada", "applications delete//Secret/Pod/web default/web")).toBe(true);
    expect(can(enforcer, "ada", "applications delete//Secret/shop/web default/web")).toBe(false);
  });

  it("tells an Application of another namespace from one with the same name", () => {
    const enforcer = enforcerOf("p, ada, applications, get, */team-a/*, allow");
    expect(can(enforcer, "ada", "applications get shop/team-a/web")).toBe(true);
    expect(can(enforcer, "ada", "applications get shop/web")).toBe(false);
    expect(can(enforcer, "ada", "applications get shop/team-b/web")).toBe(false);
  });

  it("follows g lines from user to group to role", () => {
    const enforcer = enforcerOf(`
      g, ada, devs
      g, devs, role:dev
      g, role:dev, role:readonly
      p, role:dev, applications, sync, */*, allow`);
    expect(can(enforcer, "ada", "applications sync shop/web")).toBe(true);
    expect(can(enforcer, "ada", "clusters get https://east.example")).toBe(true);
    expect(can(enforcer, "ada", "clusters delete https://east.example")).toBe(false);
  });

  it("compares subjects and roles whole, without patterns and with case", () => {
    const enforcer = enforcerOf(`
      p, *, applications, get, */*, allow
      p, dev?, applications, get, */*, allow
      g, a*, role:admin`);
    expect(can(enforcer, "devs in devs", "applications get shop/web")).toBe(false);
    expect(can(enforcer, "ada in ada", "applications get shop/web")).toBe(false);
    expect(can(enforcer, "Admin", "applications get shop/web")).toBe(false);
  });

  it("gives the account admin everything and anonymous nothing", () => {
    const enforcer = enforcerOf("");
    expect(can(enforcer, "admin", "accounts update ada")).toBe(true);
    expect(can(enforcer, "admin", "applications update/apps/Deployment/shop/web shop/web")).toBe(true);
    expect(can(enforcer, "", "applications get shop/web")).toBe(false);
    expect(can(enforcer, "role:readonly", "repositories get https://git.example/a")).toBe(true);
    expect(can(enforcer, "role:readonly", "certificates get ")).toBe(true);
    expect(can(enforcer, "role:readonly", "exec create shop/web")).toBe(false);
    expect(can(enforcer, "role:readonly", "audit get *")).toBe(false);
    expect(can(enforcer, "role:admin", "audit get *")).toBe(true);
  });
});

describe("a line whose object is what all objects of a project begin with", () => {
  it("does not hide the lines after it", () => {
    const enforcer = enforcerOf("p, ada, logs, get, shop/, allow\np, ada, logs, get, shop/*, allow");
    expect(can(enforcer, "ada", "logs get shop/web")).toBe(true);
    const denied = enforcerOf(`
      p, ada, logs, get, *, allow
      p, ada, logs, get, shop/, deny
      p, ada, logs, get, shop/*, deny`);
    expect(can(denied, "ada", "logs get shop/web")).toBe(false);
  });
});

describe("policy.default", () => {
  const data = {
    "policy.default": "role:readonly",
    "policy.csv":
      "p, ada, applications, *, *, deny\np, role:restricted, applications, get, */*, deny\ng, bob, role:restricted",
  };

  it("gives everybody its role, anonymous too, and no denial of somebody else takes it away", () => {
    const enforcer = enforcerOf(data);
    for (const name of ["ada", "bob", "eve", ""])
      expect(can(enforcer, name, "applications get shop/web")).toBe(true);
    expect(can(enforcer, "ada", "applications sync shop/web")).toBe(false);
  });

  it("is what a decision is attributed to", () => {
    const decision = enforcerOf(data).enforce(
      { subject: "ada", groups: [] },
      { resource: "logs", action: "get", object: "shop/web" },
    );
    expect(formatBecause(decision)).toMatch(
      /^because of built-in line \d+ \(policy.default role:readonly\): p, role:readonly, logs, get, \*\/\*, allow$/u,
    );
  });
});

describe("groups", () => {
  it("with p lines of their own count only beside a g line, as in Argo CD", () => {
    const direct = "p, devs, applications, sync, shop/*, allow";
    expect(can(enforcerOf(direct), "ada in devs", "applications sync shop/web")).toBe(false);
    expect(can(enforcerOf(direct), "devs", "applications sync shop/web")).toBe(true);
    const bound = enforcerOf(`${direct}\ng, devs, role:none`);
    expect(can(bound, "ada in devs", "applications sync shop/web")).toBe(true);
  });

  it("are judged one by one: a denial of one does not bind another", () => {
    const enforcer = enforcerOf(`
      p, role:dev, applications, sync, shop/*, allow
      p, role:night, applications, sync, shop/*, deny
      g, devs, role:dev
      g, night, role:night
      g, both, role:dev
      g, both, role:night`);
    expect(can(enforcer, "ada in night+devs", "applications sync shop/web")).toBe(true);
    expect(can(enforcer, "ada in night", "applications sync shop/web")).toBe(false);
    expect(can(enforcer, "ada in both", "applications sync shop/web")).toBe(false);
  });
});

describe("fine-grained rights", () => {
  const lines = `
    p, ada, applications, update, shop/*, allow
    p, bob, applications, update/*, shop/*, allow
    p, eve, applications, delete, shop/*, allow
    p, eve, applications, delete/*/Secret/*/*, shop/*, deny`;
  const part = "applications update/apps/Deployment/shop/web shop/web";

  it("do not follow from update of the Application, nor the other way round", () => {
    const enforcer = enforcerOf(lines);
    expect(can(enforcer, "ada", "applications update shop/web")).toBe(true);
    expect(can(enforcer, "ada", part)).toBe(false);
    expect(can(enforcer, "bob", "applications update shop/web")).toBe(false);
    expect(can(enforcer, "bob", part)).toBe(true);
  });

  it("follow from it where argocd-cm says so, and then cannot be denied one by one", () => {
    const key = "server.rbac.disableApplicationFineGrainedRBACInheritance";
    const enforcer = enforcerOf(compiled({ "policy.csv": lines }, { [key]: "false" }));
    expect(can(enforcer, "ada", part)).toBe(true);
    expect(can(enforcer, "bob", part)).toBe(true);
    expect(can(enforcer, "bob", "applications delete/apps/Deployment/shop/web shop/web")).toBe(false);
    expect(can(enforcer, "eve", "applications delete//Secret/shop/key shop/web")).toBe(true);
  });

  it("name single actions of a kind", () => {
    const enforcer = enforcerOf("p, ada, applications, action//Pod/maintenance-off, shop/*, allow");
    expect(can(enforcer, "ada", "applications action//Pod/maintenance-off shop/web")).toBe(true);
    expect(can(enforcer, "ada", "applications action//Pod/delete shop/web")).toBe(false);
    expect(can(enforcer, "ada", "applications action shop/web")).toBe(false);
  });
});

describe("policy.matchMode regex", () => {
  const enforcer = enforcerOf({
    "policy.matchMode": "regex",
    "policy.csv": `
      p, ada, applications, get|sync, ^shop/.*$, allow
      p, bob, logs, get, shop, allow
      p, eve, applications, ^get$, ^(shop|bank)/web-[0-9]+$, allow`,
  });

  it("matches anywhere unless the expression says where", () => {
    expect(can(enforcer, "ada", "applications sync shop/web")).toBe(true);
    expect(can(enforcer, "ada", "applications sync workshop/web")).toBe(false);
    expect(can(enforcer, "ada", "applications sync/x shop/web")).toBe(true);
    expect(can(enforcer, "bob", "logs get workshop/web")).toBe(true);
    expect(can(enforcer, "eve", "applications get bank/web-12")).toBe(true);
    expect(can(enforcer, "eve", "applications get bank/web-x")).toBe(false);
  });

  it("leaves the built-in roles what they are", () => {
    expect(can(enforcer, "admin", "applications sync shop/web")).toBe(true);
    expect(can(enforcer, "role:readonly", "applications sync shop/web")).toBe(false);
  });
});

describe("project roles", () => {
  const shop = projectOf("shop", [
    {
      name: "deployer",
      policies: [
        "p, proj:shop:deployer, applications, sync, shop/*, allow",
        "p, proj:shop:deployer, repositories, get, shop/*, allow",
        "p, proj:shop:deployer, *, *, *, allow",
      ],
      groups: ["shop-devs"],
    },
  ]);
  const enforcer = enforcerOf("p, shop-devs, logs, get, shop/*, allow", [shop, projectOf("bank", [])]);

  it("give their tokens and groups rights in their own project only", () => {
    for (const who of ["proj:shop:deployer", "ada in shop-devs"]) {
      expect(can(enforcer, who, "applications sync shop/web")).toBe(true);
      expect(can(enforcer, who, "applications sync shop/team-a/web")).toBe(true);
      expect(can(enforcer, who, "repositories get shop/https://git.example/a")).toBe(true);
      expect(can(enforcer, who, "repositories get https://git.example/a")).toBe(false);
      expect(can(enforcer, who, "applications sync bank/web")).toBe(false);
      expect(can(enforcer, who, "applications sync missing/web")).toBe(false);
      expect(can(enforcer, who, "clusters get https://east.example")).toBe(false);
      expect(can(enforcer, who, "accounts get ada")).toBe(false);
    }
  });

  it("may read their own project and never change one", () => {
    expect(can(enforcer, "proj:shop:deployer", "projects get shop")).toBe(true);
    expect(can(enforcer, "ada in shop-devs", "projects get shop")).toBe(true);
    expect(can(enforcer, "proj:shop:deployer", "projects update shop")).toBe(false);
    expect(can(enforcer, "proj:shop:deployer", "projects get bank")).toBe(false);
  });

  it("make the p lines of their groups count in the project", () => {
    expect(can(enforcer, "ada in shop-devs", "logs get shop/web")).toBe(true);
    expect(can(enforcer, "ada in other", "logs get shop/web")).toBe(false);
  });

  it("give a role of one project nothing in another, whatever the general policy says of it", () => {
    const general = enforcerOf("p, proj:shop:deployer, applications, get, bank/*, allow", [
      shop,
      projectOf("bank", []),
    ]);
    expect(can(general, "proj:shop:deployer", "applications get bank/web")).toBe(false);
    const known = { "policy.default": "role:readonly", "policy.csv": "" };
    expect(
      can(
        enforcerOf(known, [shop, projectOf("bank", [])]),
        "proj:shop:deployer",
        "applications get bank/web",
      ),
    ).toBe(true);
  });

  it("are bound by denials of the general policy", () => {
    const strict = enforcerOf("p, proj:shop:deployer, applications, *, shop/prod-*, deny", [shop]);
    expect(can(strict, "proj:shop:deployer", "applications sync shop/prod-web")).toBe(false);
    expect(can(strict, "proj:shop:deployer", "applications sync shop/web")).toBe(true);
  });

  it("hold no rights that a role's line gives to somebody else", () => {
    const odd = projectOf("shop", [
      { name: "a", policies: ["p, ada, applications, *, shop/*, allow", "g, ada, role:admin"] },
    ]);
    expect(can(enforcerOf("", [odd]), "ada", "applications get shop/web")).toBe(false);
    expect(can(enforcerOf("", [odd]), "ada", "applications delete shop/web")).toBe(false);
  });
});

describe("project roles and names that are not theirs", () => {
  const rights = "p, proj:shop:ci, applications, *, shop/*, allow";
  const shop = projectOf("shop", [{ name: "ci", policies: [rights], groups: ["devs"] }]);

  it("give nothing to a group that an identity provider calls like a role", () => {
    expect(can(enforcerOf("", [shop]), "eve in proj:shop:ci", "applications get shop/web")).toBe(false);
    expect(can(enforcerOf("", [shop]), "eve in devs", "applications get shop/web")).toBe(true);
  });

  it("are all that a token has in its project, whatever groups it brings", () => {
    const enforcer = enforcerOf("g, ops, role:admin", [shop]);
    expect(can(enforcer, "proj:shop:ci in ops", "logs get shop/web")).toBe(false);
    expect(can(enforcer, "ada in ops", "logs get shop/web")).toBe(true);
  });

  it("take nothing from what everybody has, and may give the default role more", () => {
    const policy = { "policy.default": "devs", "policy.csv": "p, devs, logs, get, shop/*, allow" };
    const strict = projectOf("shop", [
      { name: "ci", policies: [rights, "p, proj:shop:ci, logs, get, shop/*, deny"], groups: ["devs"] },
    ]);
    expect(can(enforcerOf(policy, [strict]), "eve", "logs get shop/web")).toBe(true);
    expect(can(enforcerOf(policy, [strict]), "eve", "applications sync shop/web")).toBe(true);
    expect(can(enforcerOf(policy, [strict]), "eve", "applications sync bank/web")).toBe(false);
  });

  it("deny everybody, in their project, what a denial without a subject denies", () => {
    const odd = projectOf("shop", [{ name: "ci", policies: ["p, , applications, delete, shop/*, deny"] }]);
    const enforcer = enforcerOf("", [odd]);
    expect(can(enforcer, "admin", "applications delete shop/web")).toBe(false);
    expect(can(enforcer, "admin", "applications delete bank/web")).toBe(true);
  });
});

describe("the reason", () => {
  const shop = projectOf("shop", [
    {
      name: "deployer",
      policies: ["p, proj:shop:deployer, applications, sync, shop/*, allow"],
      groups: ["devs"],
    },
  ]);
  const enforcer = enforcerOf(
    {
      "policy.csv": "# who\np, ada, applications, *, shop/*, allow\n\np, ada, applications, delete, *, deny",
      "policy.extra.csv": "p, ada, logs, get, shop/*, allow",
    },
    [shop],
  );
  const why = (
    subject: string,
    groups: readonly string[],
    [resource = "", action = "", object = ""]: readonly string[],
  ) => formatBecause(enforcer.enforce({ subject, groups }, { resource, action, object }));

  it("is the line that allowed or denied it", () => {
    expect([
      why("ada", [], ["applications", "get", "shop/web"]),
      why("ada", [], ["applications", "delete", "shop/web"]),
      why("ada", [], ["logs", "get", "shop/web"]),
      why("eve", ["devs"], ["applications", "sync", "shop/web"]),
      why("eve", ["devs"], ["projects", "get", "shop"]),
      why("eve", [], ["applications", "sync", "shop/web"]),
    ]).toEqual([
      "because of argocd-rbac-cm policy.csv line 2: p, ada, applications, *, shop/*, allow",
      "because of argocd-rbac-cm policy.csv line 4: p, ada, applications, delete, *, deny",
      "because of argocd-rbac-cm policy.extra.csv line 1: p, ada, logs, get, shop/*, allow",
      "because of AppProject/shop role deployer line 1 (group devs): p, proj:shop:deployer, applications, sync, shop/*, allow",
      "because of AppProject/shop role deployer (group devs): a role may read its own project",
      "because no line allows it",
    ]);
  });
});

describe("asking many times", () => {
  it("keeps questions apart that look alike when written one after the other", () => {
    const permissions = enforcerOf("p, ada, applications, *, */*, allow").permissionsFor({
      subject: "ada",
      groups: [],
    });
    const ask = (resource: string, action: string) => permissions.allows({ resource, action, object: "a/b" });
    expect(ask("applications", "get\nx")).toBe(true);
    expect(ask("applications\nget", "x")).toBe(false);
    expect(ask("applications", "get\nx")).toBe(true);
  });
});

describe("actions on a pipeline", () => {
  it("are of a stage, and a right to one stage is none to another", () => {
    const enforcer = enforcerOf(
      "p, dev, pipelines, promote/staging, shop/*, allow\np, lead, pipelines, approve/*, shop/*, allow\ng, eve, role:readonly",
    );
    const all = ["promote/staging", "promote/prod", "promote/*", "approve/prod", "get"];
    const may = (who: string) => all.filter((action) => can(enforcer, who, `pipelines ${action} shop/web`));
    expect(may("dev")).toEqual(["promote/staging"]);
    expect(may("lead")).toEqual(["approve/prod"]);
    expect(may("eve")).toEqual(["get"]);
    expect(may("admin")).toEqual(all);
    expect(can(enforcer, "lead", "pipelines approve/prod bank/web")).toBe(false);
  });
});
