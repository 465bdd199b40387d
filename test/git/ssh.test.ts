import { userInfo } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { RepositoryAccess, RepositoryCredentials } from "#core/repo/index.ts";
import { createRepository, startGitSshServer } from "#test/git-servers/index.ts";
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

it("reads a repository over SSH and refuses unknown hosts and keys", async () => {
  const directory = await createDirectory();
  const repository = await createRepository(join(directory, "shop.git"));
  const commit = await repository.commit({ "app.yaml": "a: 1\n" });
  const server = disposeLater(await startGitSshServer({ directory: join(directory, "sshd") }));
  const store = await startStore(directory);
  const url = `${server.url}${repository.directory}`;
  const trusted = { sshKnownHosts: server.knownHosts };
  const key = { kind: "ssh", privateKey: server.privateKey } as const;
  const access = accessTo(url, key, trusted);

  expect(await store.resolve(access, "main", now)).toEqual({ commit, ref: "refs/heads/main" });
  expect(await readText(store, access, { commit, path: "app.yaml" })).toBe("a: 1\n");
  const places = {
    [server.url]: "ssh://server",
    [`${userInfo().username}@127.0.0.1`]: "user@server",
    [`:${new URL(server.url).port}`]: ":port",
    [directory]: "/dir",
  };
  const tried = async (credentials: RepositoryCredentials, more: Partial<RepositoryAccess>, to = url) =>
    await failureOf(store.test(accessTo(to, credentials, more), signal), places);
  const guarded = { kind: "ssh", privateKey: server.protectedKey } as const;
  const otherKey = server.knownHosts.replace(/AAAA\S+/, server.publicKey.split(" ")[1] ?? "");
  const failures = {
    "key protected by a passphrase": await tried({ ...guarded, passphrase: server.passphrase }, trusted),
    "host check turned off": await tried(key, { insecureSkipVerify: true }),
    "unknown host": await tried(key, { sshKnownHosts: "" }),
    "changed host key": await tried(key, { sshKnownHosts: otherKey }),
    "no key": await tried({ kind: "none" }, trusted),
    "wrong passphrase": await tried({ ...guarded, passphrase: "guess" }, trusted),
    "key protected by an unknown passphrase": await tried(guarded, trusted),
    "key that is none": await tried({ kind: "ssh", privateKey: "not a key" }, trusted),
    "missing repository": await tried(key, trusted, `${server.url}/nowhere.git`),
  };
  expect(failures).toMatchInlineSnapshot(`
    {
      "changed host key": "GIT_UNTRUSTED: repository ssh://server/dir/shop.git: listing refs: the server's SSH host key is not the known one; if that is right, update argocd-ssh-known-hosts-cm (@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @)",
      "host check turned off": "succeeded with undefined",
      "key protected by a passphrase": "succeeded with undefined",
      "key protected by an unknown passphrase": "GIT_AUTH: repository ssh://server/dir/shop.git: listing refs: the server refused the SSH key, or there is none that works without a passphrase; check the Secret (user@server: Permission denied (publickey).)",
      "key that is none": "GIT_AUTH: repository ssh://server/dir/shop.git: listing refs: the SSH key cannot be read; sshPrivateKey must be a whole private key in OpenSSH or PEM form (Load key "key file": error in libcrypto)",
      "missing repository": "GIT_NOT_FOUND: repository ssh://server/nowhere.git: listing refs: there is no such repository, or these credentials may not see it; check the URL and the Secret (fatal: '/nowhere.git' does not appear to be a git repository)",
      "no key": "GIT_AUTH: repository ssh://server/dir/shop.git: listing refs: the server refused the SSH key, or there is none that works without a passphrase; check the Secret (user@server: Permission denied (publickey).)",
      "unknown host": "GIT_UNTRUSTED: repository ssh://server/dir/shop.git: listing refs: the server's SSH host key is not known; add it to argocd-ssh-known-hosts-cm (No ED25519 host key is known for [127.0.0.1]:port and you have requested strict checking.)",
      "wrong passphrase": "GIT_AUTH: repository ssh://server/dir/shop.git: listing refs: the server refused the SSH key, or there is none that works without a passphrase; check the Secret (user@server: Permission denied (publickey).)",
    }
  `);
});
