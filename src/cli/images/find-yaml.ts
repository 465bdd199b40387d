import { messageOf } from "#core/errors/index.ts";
import type { FoundFile } from "#engine/images/walk-yaml.ts";
import { walkYaml } from "#engine/images/walk-yaml.ts";
import type { CliPorts } from "../ports.ts";
import { usageError } from "../usage-error.ts";

/** The YAML files of a local path, or the file itself; links are not followed. Throws CLI_USAGE when it is not there. */
export async function* findLocalYaml(path: string, ports: CliPorts): AsyncGenerator<FoundFile> {
  try {
    const directory = await ports.findDirectory(path);
    if (directory === undefined) {
      yield { path, text: await readNamed(path, ports) };
      return;
    }
    const { tree, path: root } = directory;
    for await (const file of walkYaml(tree, root, ports.signal)) {
      const below = root === "" ? file.path : file.path.slice(root.length + 1);
      yield { path: `${path.replace(/\/+$/u, "")}/${below}`, text: file.text };
    }
  } catch (error) {
    if (!(error instanceof Error && "syscall" in error)) throw error;
    throw usageError(`path ${path}: ${messageOf(error)}; let this user read it, or name others with --in`);
  }
}

async function readNamed(path: string, ports: CliPorts): Promise<string> {
  try {
    return await ports.readFile(path);
  } catch (error) {
    if (error instanceof TypeError)
      throw usageError(`path ${path}: is no text in UTF-8, as YAML is; write it anew as that`, error);
    throw usageError(`path ${path}: is no file or directory that can be read; name one`, error);
  }
}
