import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maxPolicyLength, maxPolicyLines } from "./compile-policy.ts";
import { can, compilePattern, compiled, configOf, enforcerOf, projectOf } from "./testing.ts";
import { validateProjectRoles } from "./validate.ts";

function problemsOf(data: Parameters<typeof compiled>[0]): readonly string[] {
  return compiled(data).problems.map(({ severity, message }) => `${severity} ${message}`);
}

describe("a line with a mistake", () => {
  it("is named by key and line, with what holds until it is corrected", () => {
    const form = "write p, <subject>, <resource>, <action>, <object>, allow or deny";
    expect(
      problemsOf({
        "policy.csv": `p, ada, applications, get, shop/[*, allow
p, ada, applications, delete, shop/[*, deny
p, ada, applications, sync, shop/*
hello`,
        "policy.b.csv": `p, ada , applications, get, shop/*, deny
p, ada, applications, get, shop/*, Allow
g, ada
p, "ada, applications, get, shop/*, deny
g, ada, role:dev, again
p, ada, aplications, get, shop/*, allow
p, ada, applications, gett, shop/*, allow`,
      }),
    ).toEqual([
      `error argocd-rbac-cm policy.csv line 1: its object "shop/[*" is not a glob: a [ is never closed; until it is corrected the line grants nothing; ${form}, or g, <name>, <role>`,
      `error argocd-rbac-cm policy.csv line 2: its object "shop/[*" is not a glob: a [ is never closed; until it is corrected the line denies "ada" what can be read of it; ${form}`,
      `error argocd-rbac-cm policy.csv line 3: it does not end in allow or deny; until it is corrected the line denies "ada" what can be read of it; ${form}`,
      `error argocd-rbac-cm policy.csv line 4: it begins with neither p nor g; until it is corrected the line grants nothing; ${form}, or g, <name>, <role>`,
      `error argocd-rbac-cm policy.b.csv line 1: a blank follows "ada" and would be part of it; until it is corrected the line denies "ada" what can be read of it; ${form}`,
      `error argocd-rbac-cm policy.b.csv line 2: its effect "Allow" is neither allow nor deny; until it is corrected the line grants nothing; ${form}, or g, <name>, <role>`,
      `error argocd-rbac-cm policy.b.csv line 3: it has no role; until it is corrected the line denies everything to "ada"; ${form}, or g, <name>, <role>`,
      `error argocd-rbac-cm policy.b.csv line 4: a quote is never closed; until it is corrected the line denies everything to "ada"; ${form}, or g, <name>, <role>`,
      `warning argocd-rbac-cm policy.b.csv line 5: it has more than 3 fields, and what follows the role has no effect; remove it`,
      expect.stringMatching(
        /^warning argocd-rbac-cm policy.b.csv line 6: its resource is none, so it never applies; use applications/u,
      ),
      expect.stringMatching(
        /^warning argocd-rbac-cm policy.b.csv line 7: its action is none, so it never applies; use get/u,
      ),
    ]);
  });

  it("leaves the good lines in force", () => {
    const enforcer = enforcerOf("p, ada, logs, get\np, bob, applications, get, shop/*, allow\nnonsense");
    expect(can(enforcer, "bob", "applications get shop/web")).toBe(true);
    expect(can(enforcer, "admin", "applications get shop/web")).toBe(true);
  });

  it("denies everybody where the one that a denial is about is missing", () => {
    const enforcer = enforcerOf("p, applications, delete, shop/*, deny\np, ada, applications, *, *, allow");
    expect(can(enforcer, "ada", "applications delete shop/web")).toBe(false);
    expect(can(enforcer, "admin", "applications delete shop/web")).toBe(false);
    const empty = enforcerOf("p, , applications, delete, shop/*, deny");
    expect(can(empty, "admin", "applications delete shop/web")).toBe(false);
    expect(can(empty, "admin", "applications get shop/web")).toBe(true);
  });

  it("is a denial when it says both, and prose when it says neither", () => {
    const both = enforcerOf("p, ada, *, *, *, allow\np, ada, applications, delete, shop/*, deny, allow");
    expect(can(both, "ada", "applications delete shop/web")).toBe(false);
    const prose = enforcerOf("p, ada, *, *, *, allow\nada deny everything");
    expect(can(prose, "ada", "applications delete shop/web")).toBe(true);
  });

  it("gives nobody anything by an empty subject", () => {
    const enforcer = enforcerOf("p, , applications, get, */*, allow\ng, , role:admin");
    expect(can(enforcer, "", "applications get shop/web")).toBe(false);
    expect(can(enforcer, "eve in ", "applications get shop/web")).toBe(false);
  });

  it("may be quoted, hold commas, follow a comment and end in a carriage return", () => {
    const enforcer = enforcerOf(
      '# p, eve, applications, get, */*, allow\r\np, "CN=ada, O=shop", applications, get, "{shop,bank}/*", allow\r\n',
    );
    expect(can(enforcer, "CN=ada, O=shop", "applications get bank/web")).toBe(true);
    expect(can(enforcer, "eve", "applications get bank/web")).toBe(false);
  });
});

/** Ways in which a line of six fields is spoilt by hand so that it is no rule any more. */
const spoilers: Readonly<Record<string, (fields: readonly string[]) => string>> = {
  "the type is missing": ([, ...rest]) => rest.join(", "),
  "the subject is missing": (fields) => fields.toSpliced(1, 1).join(", "),
  "the resource is missing": (fields) => fields.toSpliced(2, 1).join(", "),
  "the action is missing": (fields) => fields.toSpliced(3, 1).join(", "),
  "the object is missing": (fields) => fields.toSpliced(4, 1).join(", "),
  "the effect is missing": (fields) => fields.toSpliced(5, 1).join(", "),
  "the effect is misspelt": (fields) => fields.with(5, "dney").join(", "),
  "the effect is a capital": (fields) => fields.with(5, "Deny").join(", "),
  "a field is too many": (fields) => fields.toSpliced(1, 0, "x").join(", "),
  "a comment follows": (fields) => `${fields.join(", ")} # not this`,
  "blanks stand before commas": (fields) => fields.join(" , "),
  "there are no commas": (fields) => fields.join(" "),
  "a quote is open": (fields) => fields.with(1, `"${fields[1]}`).join(", "),
  "the object is no glob": (fields) => fields.with(4, `${fields[4]}[`).join(", "),
  "the type is a capital": (fields) => fields.with(0, "P").join(", "),
};

describe("a denial that is spoilt", () => {
  const names = fc.constantFrom("ada", "role:dev", "bob");
  const denial = fc
    .tuple(
      names,
      fc.constantFrom("applications", "*", "logs"),
      fc.constantFrom("get", "*"),
      fc.constantFrom("shop/*", "*", "shop/web"),
    )
    .map((fields) => ["p", ...fields, "deny"]);
  const questions = ["applications get shop/web", "applications sync bank/api", "logs get shop/api"];
  const rest = "p, ada, *, *, *, allow\np, role:dev, *, *, *, allow\ng, bob, role:dev";

  it.each(Object.keys(spoilers))("opens nothing that it kept closed: %s", (way) => {
    fc.assert(
      fc.property(denial, (fields) => {
        const spoilt = spoilers[way]?.(fields) ?? "";
        const [before, after] = [fields.join(", "), spoilt].map((line) => enforcerOf(`${rest}\n${line}`));
        if (before === undefined || after === undefined) throw new Error("two enforcers");
        for (const who of ["ada", "bob"])
          for (const what of questions) if (can(after, who, what)) expect(can(before, who, what)).toBe(true);
        const errors = compiled(spoilt).problems.filter(({ severity }) => severity === "error");
        expect(errors).toHaveLength(1);
      }),
    );
  });

  it("and no text whatsoever gives more than it would without its wrong lines", () => {
    const pieces = fc.constantFrom(
      "p",
      "g",
      ",",
      ", ",
      '"',
      "ada",
      "applications",
      "get",
      "*",
      "[",
      "allow",
      "deny",
      " ",
      "\n",
      "#",
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
        const text = parts.join("");
        const { problems } = compiled(text);
        const wrong = new Set(
          problems.filter(({ severity }) => severity === "error").map(({ line }) => line),
        );
        const good = text.split("\n").filter((_, i) => !wrong.has(i + 1));
        const [whole, part] = [enforcerOf(text), enforcerOf(good.join("\n"))];
        for (const who of ["ada", "p", "", "applications"])
          for (const what of questions) if (can(whole, who, what)) expect(can(part, who, what)).toBe(true);
      }),
    );
  });
});

describe("a policy that is too large", () => {
  it("is not read, and then nobody may do anything", () => {
    const line = "p, ada, applications, get, */*, allow\n";
    const long = {
      "policy.csv": line,
      "policy.x.csv": "#".repeat(maxPolicyLength),
      "policy.default": "role:readonly",
    };
    const many = { "policy.csv": line + "\n".repeat(maxPolicyLines) };
    for (const data of [long, many]) {
      const enforcer = enforcerOf(data);
      for (const who of ["ada", "admin", ""])
        expect(can(enforcer, who, "applications get shop/web")).toBe(false);
      expect(problemsOf(data)[0]).toMatch(
        /^error argocd-rbac-cm policy.csv.* so nobody may do anything; make it smaller$/u,
      );
    }
  });
});

describe("roles of roles", () => {
  const chain = (length: number) => Array.from({ length }, (_, i) => `g, r${i}, r${i + 1}`).join("\n");

  it("may go round in a circle, which is named", () => {
    const text = "g, a, b\ng, b, c\ng, c, a\np, c, logs, get, *, allow\ng, d, d";
    expect(can(enforcerOf(text), "a", "logs get shop/web")).toBe(true);
    expect(problemsOf(text)).toEqual([
      'warning argocd-rbac-cm policy.csv line 3: "c" has "a", which has it; remove one of the lines',
      'warning argocd-rbac-cm policy.csv line 5: "d" has "d", which has it; remove one of the lines',
    ]);
  });

  it("are followed ten steps; of what is further away only denials count", () => {
    const text = `${chain(11)}\np, r10, logs, get, *, allow\np, r11, exec, create, *, allow\np, r11, logs, get, b/*, deny`;
    const enforcer = enforcerOf(text);
    expect(can(enforcer, "r0", "logs get a/web")).toBe(true);
    expect(can(enforcer, "r0", "logs get b/web")).toBe(false);
    expect(can(enforcer, "r0", "exec create a/web")).toBe(false);
    expect(can(enforcer, "r1", "exec create a/web")).toBe(true);
    expect(problemsOf(text)).toEqual([
      expect.stringMatching(
        /^warning argocd-rbac-cm policy.csv line 1: more than 10 roles follow one another from "r0"/u,
      ),
    ]);
  });

  it("may be as many as a policy holds", () => {
    expect(can(enforcerOf(`${chain(40_000)}\np, r3, logs, get, *, allow`), "r0", "logs get a/web")).toBe(
      true,
    );
  });
});

describe("other keys", () => {
  it("are read as Argo CD reads them, and what cannot be read gives nothing", () => {
    expect(configOf({}).scopes).toEqual(["groups"]);
    expect(configOf({ scopes: "[groups, email]" }).scopes).toEqual(["groups", "email"]);
    expect(configOf({ scopes: "email" }).scopes).toEqual(["email"]);
    expect(configOf({ scopes: '"' })).toMatchObject({
      scopes: [],
      problems: [
        {
          severity: "error",
          message: expect.stringMatching(/^argocd-rbac-cm scopes: it is not YAML/u) as string,
        },
      ],
    });
    expect(
      problemsOf({ "policy.matchMode": "rexeg", "policy.default": "role:x\n", "policy.cvs": "" }),
    ).toEqual([
      'warning argocd-rbac-cm policy.matchMode: "rexeg" is taken for glob; use glob or regex',
      "warning argocd-rbac-cm policy.default: the blanks around the role are part of its name; remove them",
      "warning argocd-rbac-cm policy.cvs: has no effect; policies are policy.csv and policy.<name>.csv",
    ]);
  });

  it("policy.csv comes first, then the others by name", () => {
    const texts = configOf({
      "policy.b.csv": "",
      "policy.a.csv": "",
      "policy.csv": "",
      "policy.default": "",
    }).texts;
    expect(texts.map(({ source }) => source)).toEqual([
      "argocd-rbac-cm policy.csv",
      "argocd-rbac-cm policy.a.csv",
      "argocd-rbac-cm policy.b.csv",
    ]);
  });

  it("an expression that cannot be used denies what it may have denied and allows nothing", () => {
    const enforcer = enforcerOf({
      "policy.matchMode": "regex",
      "policy.csv":
        "p, ada, logs, get, .*, allow\np, ada, logs, get, ^(?!shop), deny\np, bob, logs, get, ^(?!shop), allow",
    });
    expect(can(enforcer, "ada", "logs get bank/web")).toBe(false);
    expect(can(enforcer, "bob", "logs get bank/web")).toBe(false);
  });
});

describe("validateProjectRoles", () => {
  it("names lines that concern something else than the project and its role", () => {
    const project = projectOf("shop", [
      {
        name: "dev",
        policies: [
          "p, proj:shop:dev, applications, get, shop/*, allow",
          "p, proj:bank:dev, applications, get, shop/*, allow",
          "p, proj:shop:dev, applications, get, bank/*, allow",
          "p, proj:shop:dev, accounts, get, shop/*, allow",
          "g, ada, role:admin",
          "p, proj:shop:dev, applications, get, shop/*, allow\np, ada, *, *, *, allow",
        ],
        groups: ["ok", "a, b"],
      },
      { name: "dev" },
      { name: "a b" },
    ]);
    const found = validateProjectRoles(project, { matchMode: "glob", compilePattern });
    expect(found.map(({ message }) => message)).toEqual([
      "AppProject/shop role dev line 2: its subject is not proj:shop:dev, so it grants nothing; correct it",
      "AppProject/shop role dev line 3: its object does not begin with shop/, and it holds in this project only; write shop/*",
      "AppProject/shop role dev line 4: its resource is not of projects, so it grants nothing; use applications, applicationsets, imageautomations, repositories, clusters, logs, exec, pipelines",
      "AppProject/shop role dev line 5: it is a g line, which a role cannot hold; use its groups; until it is corrected the line denies everything in this project to proj:shop:dev",
      "AppProject/shop role dev line 6: it has more than one line; until it is corrected the line denies everything in this project to proj:shop:dev",
      "AppProject/shop role dev groups[1]: it is empty or has a comma or more than one line, so it gives nobody the role; correct it",
      "AppProject/shop role dev: it is there twice; merge them",
      "AppProject/shop role a b: its name has more than letters, digits, - and _; rename it",
    ]);
    expect(found.every(({ severity }) => severity === "error")).toBe(true);
  });
});
