import type { DataKeySecret } from "#core/data-keys/index.ts";
import { parseDataKeySecret } from "#core/data-keys/index.ts";
import { isMooringError, MooringError } from "#core/errors/index.ts";
import type { CliPorts } from "../ports.ts";
import { readText } from "../read-text.ts";
import { usageError } from "../usage-error.ts";

const variables = { text: "SOPS_AGE_KEY", file: "SOPS_AGE_KEY_FILE" } as const;

/** The age keys of the environment, by the variables of SOPS itself. Throws CLI_USAGE, which shows none. */
export async function readDataKeys(
  ports: Pick<CliPorts, "env" | "readFile">,
): Promise<readonly DataKeySecret[]> {
  const { env } = ports;
  const file = env[variables.file] ?? "";
  const given = [
    { origin: variables.text, text: env[variables.text] ?? "" },
    { origin: variables.file, text: file === "" ? "" : await readText(file, ports) },
  ];
  return given.filter(({ text }) => text !== "").map(({ origin, text }) => parseKeys(origin, text));
}

function parseKeys(origin: string, text: string): DataKeySecret {
  const metadata = { name: "environment" };
  try {
    const stringData = { "age.agekey": text };
    const { project, keys } = parseDataKeySecret({ apiVersion: "v1", kind: "Secret", metadata, stringData });
    return { project, keys: keys.map((key) => ({ ...key, origin })) };
  } catch (error) {
    throw usageError(
      `environment variable ${origin}: it holds no age identity; check that it is whole`,
      error,
    );
  }
}

/** Says of files for which no key is known where this command looks for keys; other errors stay. */
export function adviseOnKeys(error: unknown): unknown {
  if (!isMooringError(error, "SECRET_KEY_MISSING")) return error;
  const at = error.message.lastIndexOf("; ");
  const problem = at < 0 ? error.message : error.message.slice(0, at);
  const advice = `give an age key in environment variable ${variables.text}, or a file with one in ${variables.file}`;
  return new MooringError("SECRET_KEY_MISSING", `${problem}; ${advice}`, { cause: error });
}
