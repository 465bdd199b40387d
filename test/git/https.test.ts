import { join } from "node:path";
import { expect, it } from "vitest";
import type { RepositoryAccess, RepositoryCredentials } from "#core/repo/index.ts";
import { createCertificateAuthority } from "#embedded/tls/certificates.ts";
import { createRepository, startGitHttpServer } from "#test/git-servers/index.ts";
import {
  accessTo,
  createDirectory,
  disposeLater,
  failureOf,
  now,
  readText,
  signal,
  startStore,
} from "./fixture.ts";

it("reads a repository over HTTPS with its own CA and a password", async () => {
  const directory = await createDirectory();
  const repository = await createRepository(join(directory, "team/shop.git"));
  const commit = await repository.commit({ "app.yaml": "kind: ConfigMap\n" });
  const tls = createCertificateAuthority("git test");
  const auth = { kind: "basic", username: "ada", password: 'p@ss "wörd" %41$(id)' } as const;
  const server = disposeLater(await startGitHttpServer({ root: directory, tls, auth }));
  const store = await startStore(directory);
  const url = `${server.url}/team/shop.git`;
  const access = accessTo(url, auth, { caCertificates: tls.certificate });

  expect(await store.resolve(access, "main", now)).toEqual({ commit, ref: "refs/heads/main" });
  expect(await readText(store, access, { commit, path: "app.yaml" })).toBe("kind: ConfigMap\n");
  expect(
    await store.test(accessTo(url, auth, { insecureSkipVerify: true }), signal),
    "without verification",
  ).toBeUndefined();
  const trusted = { caCertificates: tls.certificate };
  const fails = async (to: string, credentials: RepositoryCredentials, more: Partial<RepositoryAccess>) =>
    await failureOf(store.resolve(accessTo(to, credentials, more), "main", now), {
      [server.url]: "https://server",
    });
  expect({
    "unknown CA": await fails(url, auth, {}),
    "wrong password": await fails(url, { ...auth, password: "wrong" }, trusted),
    "no password": await fails(url, { kind: "none" }, trusted),
    "missing repository": await fails(`${server.url}/team/other.git`, auth, trusted),
    "missing revision": await failureOf(store.resolve(access, "nope", now), {
      [server.url]: "https://server",
    }),
  }).toMatchInlineSnapshot(`
    {
      "missing repository": "GIT_NOT_FOUND: repository https://server/team/other.git: listing refs: there is no such repository, or these credentials may not see it; check the URL and the Secret (fatal: repository 'https://server/team/other.git/' not found)",
      "missing revision": "GIT_REVISION_NOT_FOUND: repository https://server/team/shop.git: revision "nope" is no branch, tag or matching version; correct targetRevision",
      "no password": "GIT_AUTH: repository https://server/team/shop.git: listing refs: the repository wants credentials, and none are known for it; add them with: mooring repo add REPOURL --upsert (fatal: could not read Username for 'https://server': terminal prompts disabled)",
      "unknown CA": "GIT_UNTRUSTED: repository https://server/team/shop.git: listing refs: the server's certificate is not trusted; add its CA to argocd-tls-certs-cm (fatal: unable to access 'https://server/team/shop.git/': server certificate verification failed. CAfile: none CRLfile: none)",
      "wrong password": "GIT_AUTH: repository https://server/team/shop.git: listing refs: the repository refused the credentials; a password or token may have run out: renew it in the Secret of the repository or of its credential template, or with: mooring repo add REPOURL --upsert (fatal: Authentication failed for 'https://server/team/shop.git/')",
    }
  `);
});

it("reads a repository with a bearer token", async () => {
  const directory = await createDirectory();
  const repository = await createRepository(join(directory, "shop.git"));
  const commit = await repository.commit({ "app.yaml": "a" });
  const server = disposeLater(
    await startGitHttpServer({ root: directory, auth: { kind: "bearer", token: "tok-123456" } }),
  );
  const store = await startStore(directory);
  const access = accessTo(`${server.url}/shop.git`, { kind: "bearer", token: "tok-123456" });

  expect(await store.resolve(access, "", now)).toEqual({ commit, ref: "refs/heads/main" });
  expect(await readText(store, access, { commit, path: "app.yaml" })).toBe("a");
  const wrong = accessTo(`${server.url}/shop.git`, { kind: "bearer", token: "tok-654321" });
  expect(await failureOf(store.test(wrong, signal))).toMatch(/^GIT_AUTH: /);
});

it("shows a client certificate to a server that wants one", async () => {
  const directory = await createDirectory();
  const repository = await createRepository(join(directory, "shop.git"));
  const commit = await repository.commit({ "app.yaml": "a" });
  const tls = createCertificateAuthority("git test");
  const server = disposeLater(
    await startGitHttpServer({ root: directory, tls, auth: { kind: "certificate" } }),
  );
  const store = await startStore(directory);
  const { certificate, key } = tls.issue({ subject: { commonName: "mooring" }, usage: "client" });
  const url = `${server.url}/shop.git`;
  const access = accessTo(url, { kind: "tls", certificate, key }, { caCertificates: tls.certificate });

  expect(await store.resolve(access, "", now)).toEqual({ commit, ref: "refs/heads/main" });
  expect(await readText(store, access, { commit, path: "app.yaml" })).toBe("a");
  const none = accessTo(url, { kind: "none" }, { caCertificates: tls.certificate });
  expect(await failureOf(store.test(none, signal))).toMatch(/^GIT_AUTH: /);
});

it("shows a mirror only to credentials that the repository accepted", async () => {
  const directory = await createDirectory();
  const repository = await createRepository(join(directory, "shop.git"));
  const commit = await repository.commit({ "app.yaml": "a" });
  const auth = { kind: "basic", username: "ada", password: "secret" } as const;
  const server = disposeLater(await startGitHttpServer({ root: directory, auth }));
  const store = await startStore(directory);
  const url = `${server.url}/shop.git`;

  expect(await readText(store, accessTo(url, auth), { commit, path: "app.yaml" })).toBe("a");
  expect(await failureOf(store.open(accessTo(url), commit, signal))).toMatch(/^GIT_AUTH: /);
});
