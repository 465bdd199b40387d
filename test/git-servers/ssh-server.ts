import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants } from "node:fs";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { createConnection } from "node:net";
import { userInfo } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { eventually } from "../control-plane/eventually.ts";
import { findFreePorts } from "../control-plane/ports.ts";

const run = promisify(execFile);

export interface GitSshServer extends AsyncDisposable {
  /** `ssh://user@127.0.0.1:port`, without a slash at the end; a repository's path on disk follows. */
  readonly url: string;
  /** A private key that the server accepts, in OpenSSH's form, without passphrase. */
  readonly privateKey: string;
  readonly publicKey: string;
  /** Another private key, protected by `passphrase`. */
  readonly protectedKey: string;
  readonly passphrase: string;
  /** The server's host key as a known_hosts line. */
  readonly knownHosts: string;
}

/** Where sshd is, or undefined when this machine has none. sshd insists on being started by its full path. */
function findSshd(): string | undefined {
  return ["/usr/sbin/sshd", "/usr/local/sbin/sshd", "/usr/bin/sshd"].find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

async function makeKey(path: string, passphrase = ""): Promise<string> {
  await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", passphrase, "-C", "test", "-f", path]);
  return await readFile(`${path}.pub`, "utf8");
}

async function isOpen(port: number): Promise<void> {
  const socket = createConnection({ port, host: "127.0.0.1" });
  try {
    await once(socket, "data");
  } finally {
    socket.destroy();
  }
}

/** Starts OpenSSH's server as the current user on a free loopback port; fails with what to install when there is none. */
export async function startGitSshServer(options: { readonly directory: string }): Promise<GitSshServer> {
  const sshd = findSshd();
  if (sshd === undefined) throw new Error("sshd is missing; install openssh-server, or run make test");
  const { directory } = options;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const passphrase = "correct horse battery staple";
  const hostKey = await makeKey(join(directory, "host"));
  const userKey = await makeKey(join(directory, "user"));
  const protectedKey = await makeKey(join(directory, "protected"), passphrase);
  await writeFile(join(directory, "authorized_keys"), userKey + protectedKey);
  const [port = 0] = await findFreePorts(1);
  const configuration = join(directory, "sshd_config");
  await writeFile(configuration, configurationOf(directory, port));
  await chmod(configuration, 0o600);
  // As root sshd wants the directory into which it locks its unprivileged half.
  if (process.getuid?.() === 0) await mkdir("/run/sshd", { recursive: true, mode: 0o755 });
  const child = spawn(sshd, ["-D", "-e", "-f", configuration], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => {
    said = (said + chunk.toString("utf8")).slice(-2_000);
  });
  await eventually(async () => {
    if (child.exitCode !== null) throw new Error(`sshd ended: ${said}`);
    await isOpen(port);
  });
  return {
    url: `ssh://${userInfo().username}@127.0.0.1:${port}`,
    publicKey: userKey,
    privateKey: await readFile(join(directory, "user"), "utf8"),
    protectedKey: await readFile(join(directory, "protected"), "utf8"),
    passphrase,
    knownHosts: `[127.0.0.1]:${port} ${hostKey}`,
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode !== null) return;
      child.kill();
      await once(child, "exit");
    },
  };
}

function configurationOf(directory: string, port: number): string {
  return `${[
    `Port ${port}`,
    "ListenAddress 127.0.0.1",
    `HostKey ${join(directory, "host")}`,
    `AuthorizedKeysFile ${join(directory, "authorized_keys")}`,
    "PidFile none",
    "StrictModes no",
    "UsePAM no",
    "PasswordAuthentication no",
    "KbdInteractiveAuthentication no",
    "PermitRootLogin prohibit-password",
    "AcceptEnv GIT_PROTOCOL",
    "PrintMotd no",
  ].join("\n")}\n`;
}
