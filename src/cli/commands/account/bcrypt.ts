import { maxPasswordBytes } from "#runtime/password-hash.ts";
import { defineCommand, noArgs } from "../../command.ts";
import type { CliPorts } from "../../ports.ts";
import { usageError } from "../../usage-error.ts";

export const command = defineCommand({
  name: "account bcrypt",
  summary: "Print the hash of a password, as argocd-secret keeps it",
  details:
    "The hash goes into admin.password or accounts.<name>.password of Secret argocd-secret. Without --password it is asked for, or read from standard input: what stands on a command line others on the machine can see.",
  examples: ["mooring account bcrypt < password.txt"],
  args: noArgs,
  flags: { password: { type: "string", value: "TEXT", description: "The password" } },
  run: async ({ flags }, ports) => {
    const password = flags.password ?? (await readPassword(ports));
    if (password === "") throw usageError("password: is empty; give one");
    if (Buffer.byteLength(password) > maxPasswordBytes) {
      throw usageError(
        `password: has more than ${maxPasswordBytes} bytes, of which bcrypt looks at no more; shorten it`,
      );
    }
    const { hashPassword } = await import("#runtime/password-hash.ts");
    ports.stdout.write(`${await hashPassword(password)}\n`);
    return 0;
  },
});

/** The line end that a file or an echo adds is none of the password's. */
async function readPassword({ stdin }: CliPorts): Promise<string> {
  if (stdin.isTTY) return await stdin.readLine("Password: ", { hidden: true });
  return (await stdin.readAll()).replace(/\r?\n$/u, "");
}
