import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import type { KubeObject } from "#core/object/index.ts";
import {
  addRevocation,
  isRevoked,
  joinRevocations,
  noRevocations,
  parseRevocations,
  withRevocations,
} from "./revocations.ts";
import { newSecret, withSecretText } from "./secret-data.ts";
import { parseAuthSettings } from "./settings.ts";
import { parseSubject } from "./subject.ts";

const configMap = (data: Readonly<Record<string, string>>): KubeObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "argocd-cm", namespace: "argocd" },
  data,
});
const secret = (data: Readonly<Record<string, string>>, name = "argocd-secret"): KubeObject =>
  withSecretText({ ...newSecret("argocd", name) }, data);

function read(
  cm: Readonly<Record<string, string>>,
  secrets: Readonly<Record<string, string>> = {},
  others: readonly KubeObject[] = [],
) {
  const objects = {
    configMap: configMap(cm),
    secret: secret(secrets),
    otherSecret: (name: string) => others.find((each) => each.metadata.name === name),
  };
  return parseAuthSettings(objects, (text) => parse(text) as unknown);
}

const hash = "$2a$10$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZ01234";

describe("accounts", () => {
  it("are read from argocd-cm and argocd-secret", () => {
    const { settings, problems } = read(
      {
        "accounts.alice": "login, apiKey",
        "accounts.alice.enabled": "false",
        "accounts.admin": "apiKey",
        "accounts.ci": "apiKey",
      },
      {
        "admin.password": hash,
        "admin.passwordMtime": "2026-11-30T18:00:00+01:00",
        "admin.tokens": "null",
        "accounts.ci.tokens": '[{"id":"a","iat":1700000000,"exp":1700000060},{"id":"b","iat":1700000001}]',
      },
    );
    // Argo CD writes null for an account that never had a token.
    expect(problems).toEqual([]);
    expect(Object.fromEntries(settings.accounts)).toEqual({
      admin: {
        name: "admin",
        enabled: true,
        capabilities: new Set(["login", "apiKey"]),
        passwordHash: hash,
        passwordChangedMs: Date.parse("2026-11-30T17:00:00Z"),
        tokens: [],
      },
      alice: {
        name: "alice",
        enabled: false,
        capabilities: new Set(["login", "apiKey"]),
        passwordHash: undefined,
        passwordChangedMs: undefined,
        tokens: [],
      },
      ci: {
        name: "ci",
        enabled: true,
        capabilities: new Set(["apiKey"]),
        passwordHash: undefined,
        passwordChangedMs: undefined,
        tokens: [
          { id: "a", issuedAt: 1_700_000_000, expiresAt: 1_700_000_060 },
          { id: "b", issuedAt: 1_700_000_001, expiresAt: undefined },
        ],
      },
    });
  });

  it("are the safer thing when something cannot be read, and no message shows a value", () => {
    const { settings, problems } = read(
      {
        "accounts.a": "login, root",
        "accounts.b": "login",
        "accounts.b.enabled": "yes",
        "accounts.c": "login",
        "accounts.x.y.z": "login",
        "admin.enabled": "perhaps",
      },
      {
        "accounts.a.password": "plain-text-password",
        "accounts.a.tokens": '[{"id":"hunter2"',
        "accounts.c.passwordMtime": "hunter2",
        "server.secretkey": "hunter2",
      },
    );
    expect([...settings.accounts.values()].map(({ name, enabled }) => `${name} ${String(enabled)}`)).toEqual([
      "admin false",
      "a true",
      "b false",
      "c false",
    ]);
    expect(settings.accounts.get("a")).toMatchObject({ passwordHash: undefined, tokens: [] });
    expect(problems).toMatchInlineSnapshot(`
      [
        "ConfigMap/argocd/argocd-cm: accounts.a: "root" is no capability; write login, apiKey or both",
        "ConfigMap/argocd/argocd-cm: accounts.b.enabled: the account counts as disabled: it is neither true nor false; write one of them",
        "ConfigMap/argocd/argocd-cm: accounts.x.y.z: has no effect; accounts.<name> and accounts.<name>.enabled have, where the name has no dot",
        "ConfigMap/argocd/argocd-cm: admin.enabled: the account counts as disabled: it is neither true nor false; write one of them",
        "Secret/argocd/argocd-secret: accounts.a.password: nobody can log in to the account: it is no bcrypt hash of a cost up to 14; make one with: mooring account bcrypt",
        "Secret/argocd/argocd-secret: accounts.a.tokens: the account counts as having no tokens: it is not JSON; correct or remove it",
        "Secret/argocd/argocd-secret: accounts.c.passwordMtime: the account counts as disabled: it is no time; write it like 2026-11-23T20:30:12Z",
        "Secret/argocd/argocd-secret: server.secretkey: has only 7 bytes, so tokens can be forged by guessing it; remove it, and the server makes a new one",
      ]
    `);
    expect(problems.join("\n")).not.toMatch(/hunter2|plain-text/u);
  });
});

describe("settings", () => {
  it("have the defaults of Argo CD", () => {
    const { settings, problems } = read({}, { "server.secretkey": "sixteen letters!" });
    expect(problems).toEqual([]);
    expect({ ...settings, accounts: undefined, signingKey: undefined }).toEqual({
      url: undefined,
      additionalUrls: [],
      isAnonymousEnabled: false,
      sessionMs: 86_400_000,
      passwordPattern: "^.{8,32}$",
      accounts: undefined,
      signingKey: undefined,
      sso: undefined,
      skipsTlsVerification: false,
      webhooks: { secrets: new Map(), maxPayloadBytes: 50 * 1_048_576 },
    });
  });

  it("read the secrets of webhooks, as they are or where they refer to, and how long a payload may be", () => {
    const labelled = withSecretText(newSecret("argocd", "hooks"), { gitlab: "from another\n" });
    const { settings, problems } = read(
      { "webhook.maxPayloadSizeMB": "2" },
      {
        "webhook.github.secret": "as it is\n",
        "webhook.gitlab.secret": "$hooks:gitlab",
        "webhook.gogs.secret": "",
        "webhook.bitbucket.uuid": "{1-2}",
        "webhook.bitbucketserver.secret": "$nowhere:key",
        "webhook.azuredevops.username": "ada",
        "webhook.azuredevops.password": "$own",
        "webhook.harbor.secret": "h",
        "webhook.dockerhub.secret": "d",
        own: "of the same Secret",
      },
      [labelled],
    );
    expect(settings.webhooks).toEqual({
      maxPayloadBytes: 2 * 1_048_576,
      secrets: new Map([
        ["webhook.github.secret", "as it is"],
        ["webhook.gitlab.secret", "from another"],
        ["webhook.bitbucket.uuid", "{1-2}"],
        ["webhook.bitbucketserver.secret", "$nowhere:key"],
        ["webhook.azuredevops.username", "ada"],
        ["webhook.azuredevops.password", "of the same Secret"],
        ["webhook.harbor.secret", "h"],
        ["webhook.dockerhub.secret", "d"],
      ]),
    });
    expect(problems).toEqual([
      expect.stringMatching(
        /^Secret\/argocd\/argocd-secret: webhook\.bitbucketserver\.secret begins with \$/u,
      ),
    ]);
    const wrong = read({ "webhook.maxPayloadSizeMB": "much" });
    expect(wrong.settings.webhooks.maxPayloadBytes).toBe(50 * 1_048_576);
    expect(wrong.problems).toEqual([
      "ConfigMap/argocd/argocd-cm: webhook.maxPayloadSizeMB is ignored, its default stands: it is no whole number from 1 to 256; write it like 50",
    ]);
  });

  it("report what cannot be read, and keep the safer default", () => {
    const { settings, problems } = read({
      url: "argocd.example.com",
      additionalUrls: "https://a.example.com",
      "users.anonymous.enabled": "sure",
      "users.session.duration": "1s",
      "oidc.tls.insecure.skip.verify": "?",
      "oidc.config": "issuer: [",
      "dex.config": "connectors:\n- {type: github, name: GitHub, config: {clientSecret: hunter2}}",
    });
    expect(settings).toMatchObject({
      isAnonymousEnabled: false,
      sessionMs: 86_400_000,
      skipsTlsVerification: false,
      sso: { kind: "dex", connectors: [{ name: "GitHub", type: "github" }] },
    });
    expect(problems).toMatchInlineSnapshot(`
      [
        "ConfigMap/argocd/argocd-cm: url is not set, so nobody can log in by SSO in a browser; set it to the server's address",
        "ConfigMap/argocd/argocd-cm: url is ignored, its default stands: it is no URL; write it like https://argocd.example.com",
        "ConfigMap/argocd/argocd-cm: additionalUrls is ignored, its default stands: must be a list, found a string; write a list",
        "ConfigMap/argocd/argocd-cm: users.anonymous.enabled is ignored, its default stands: it is neither true nor false; write one of them",
        "ConfigMap/argocd/argocd-cm: users.session.duration is ignored, its default stands: it is less than a minute; write it like 24h",
        "ConfigMap/argocd/argocd-cm: oidc.config is ignored, its default stands: it is not YAML; correct its indentation and quotes",
        "ConfigMap/argocd/argocd-cm: oidc.tls.insecure.skip.verify is ignored, its default stands: it is neither true nor false; write one of them",
      ]
    `);
  });

  it("read oidc.config with references to Secrets that belong to the installation", () => {
    const config = {
      issuer: "https://idp.example.com",
      clientID: "argocd",
      clientSecret: "$sso:secret",
      rootCA: "$oidc.ca",
      requestedIDTokenClaims: { groups: { essential: true } },
      enableUserInfoGroups: true,
      userInfoPath: "/me",
      userInfoCacheExpiration: "5m",
      refreshTokenThreshold: "2m",
      azure: { useWorkloadIdentity: true },
    };
    const labelled = withSecretText(newSecret("argocd", "sso"), { secret: "from another\n" });
    const { settings, problems } = read(
      { url: "https://argocd.example.com/", "oidc.config": stringify(config) },
      { "oidc.ca": "PEM" },
      [labelled],
    );
    expect(settings.url).toBe("https://argocd.example.com");
    expect(settings.sso).toEqual({
      kind: "oidc",
      config: {
        name: "OIDC",
        issuer: "https://idp.example.com",
        clientId: "argocd",
        clientSecret: "from another",
        cliClientId: "argocd",
        scopes: ["openid", "profile", "email", "groups"],
        requestedClaims: { groups: { essential: true } },
        logoutUrl: undefined,
        rootCa: "PEM",
        isPkceEnabled: false,
        domainHint: undefined,
        audiences: ["argocd"],
        acceptsNoAudience: false,
        userInfo: { path: "/me", baseUrl: "https://idp.example.com", cacheMs: 300_000 },
        usesWorkloadIdentity: true,
      },
    });
    expect(problems).toEqual([
      "ConfigMap/argocd/argocd-cm: oidc.config: refreshTokenThreshold has no effect: sessions end with the ID token; remove it",
    ]);
  });

  it.each([
    [{ clientID: "a" }, "issuer is required"],
    [{ issuer: "idp.example.com", clientID: "a" }, "issuer must be an https URL"],
    [
      { issuer: "https://idp.example.com", clientID: "a", enableUserInfoGroups: true },
      "userInfoPath must be a path",
    ],
    [
      { issuer: "https://idp.example.com", clientID: "a", clientSecret: 12_345 },
      "clientSecret must be a string",
    ],
    [{ issuer: "http://idp.example.com", clientID: "a" }, "issuer is not https"],
    [
      { issuer: "https://idp.example.com", clientID: "a", clientSecret: "$missing" },
      "clientSecret begins with $",
    ],
  ])("say what is wrong with oidc.config %j", (config, problem) => {
    const { problems } = read({ url: "https://argocd.example.com", "oidc.config": stringify(config) });
    expect(problems.join("\n")).toContain(problem);
    expect(problems.join("\n")).not.toMatch(/12345|\$missing/u);
  });
});

it("reads the three forms of a subject and nothing else", () => {
  expect([parseSubject("alice:login"), parseSubject("a.b:apiKey"), parseSubject("proj:shop:ci")]).toEqual([
    { kind: "account", name: "alice", capability: "login" },
    { kind: "account", name: "a.b", capability: "apiKey" },
    { kind: "project", project: "shop", role: "ci" },
  ]);
  const wrong = [
    "alice",
    "alice:",
    ":login",
    "alice:root",
    "alice:login:",
    "proj:shop",
    "proj::ci",
    "proj:a:b:c",
    "a b:login",
    ["alice:login"],
    5,
    null,
    undefined,
  ];
  expect(wrong.map((each) => parseSubject(each))).toEqual(wrong.map(() => undefined));
});

describe("ended sessions", () => {
  const now = 1_800_000_000;
  const ended = (id: string, subject: string, at = now) => ({ id, subject, at, until: now + 86_400 });

  it("come back from the Secret as they were written", () => {
    const revocations = addRevocation(noRevocations, ended("a", "alice"), now);
    expect(parseRevocations(withRevocations(newSecret("argocd", "x"), revocations))).toEqual(revocations);
    expect(() => parseRevocations(secret({ revoked: "[]" }))).toThrow(
      expect.objectContaining({ code: "CONFIG_INVALID" }),
    );
  });

  it("stay ended and few when somebody logs in and out without end", () => {
    const victims = addRevocation(noRevocations, ended("victim's", "victim"), now);
    const many = Array.from({ length: 7_990 }, (_, n) => [`m${n}`, ended(`m${n}`, "mallory")] as const);
    let revocations = joinRevocations(victims, { sessions: new Map(many), subjects: new Map() });
    const size = () => JSON.stringify(withRevocations(newSecret("argocd", "x"), revocations)).length;
    expect(size()).toBeLessThan(1_000_000);
    for (let n = 7_990; n < 8_100; n += 1)
      revocations = addRevocation(revocations, ended(`m${n}`, "mallory"), now);
    expect(revocations.sessions.size).toBeLessThanOrEqual(8_000);
    const isEnded = (id: string, subject: string, issuedAt: number) =>
      isRevoked(revocations, { ids: [id], subject, issuedAt });
    expect(isEnded("victim's", "victim", now - 10)).toBe(true);
    expect(isEnded("another", "victim", now - 10)).toBe(false);
    for (const n of [0, 1, 4_000, 8_000, 8_099]) expect(isEnded(`m${n}`, "mallory", now - 10)).toBe(true);
    expect(isEnded("later", "mallory", now + 60)).toBe(false);
  });

  it("are ended where either replica says so", () => {
    const [a, b] = [
      addRevocation(noRevocations, ended("a", "alice"), now),
      addRevocation(noRevocations, ended("b", "bob"), now),
    ];
    expect([...joinRevocations(a, b).sessions.keys()]).toEqual(["a", "b"]);
  });
});
