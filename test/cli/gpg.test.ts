import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { generateKey } from "openpgp";
import { expect, it } from "vitest";
import { startCli } from "./run.ts";

it("adds, lists, shows and removes public keys, and takes no private one", async () => {
  const cli = await startCli("gpg");
  const { publicKey, privateKey } = await generateKey({
    userIDs: [{ name: "Ada", email: "ada@example.com" }],
    format: "armored",
  });
  const [file, secret] = [join(cli.directory, "ada.asc"), join(cli.directory, "ada.key")];
  await writeFile(file, publicKey);
  await writeFile(secret, privateKey);

  expect(await cli.run("gpg", "add", "--from", secret)).toMatchObject({
    code: 20,
    err: expect.stringContaining("holds a private key") as string,
  });
  const added = await cli.run("gpg", "add", "--from", file);
  expect(added.out).toMatch(/^Key [0-9A-F]{16} of Ada <ada@example.com> added\n$/u);
  const id = /[0-9A-F]{16}/u.exec(added.out)?.[0] ?? "";
  expect((await cli.run("gpg", "list")).out).toMatch(new RegExp(`^KEYID .*\n${id} +ED25519\\S* +Ada`, "u"));
  expect((await cli.run("gpg", "get", id)).out).toContain("BEGIN PGP PUBLIC KEY BLOCK");
  expect(await cli.run("gpg", "rm", id)).toMatchObject({ code: 0, out: `Key ${id} removed\n` });
  expect(await cli.run("gpg", "get", id)).toMatchObject({ code: 13 });
});
