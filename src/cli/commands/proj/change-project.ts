import { MooringError } from "#core/errors/index.ts";
import type { JsonObject } from "#core/object/index.ts";
import { parseProject, validateProject } from "#core/project/index.ts";
import type { AppProject, AppProjectSpec } from "#core/project/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import type { Invocation } from "../../command.ts";
import { openHub, patchObject } from "../../hub.ts";
import type { CliPorts } from "../../ports.ts";

interface Change {
  readonly ports: CliPorts;
  /** The fields of the spec as they are to be; the subject is for messages. */
  readonly change: (spec: AppProjectSpec, subject: string) => JsonObject;
}

/** Changes the project that a command line names first, whatever it says. Throws APP_NOT_FOUND. */
export async function changeProject(invocation: Invocation, { ports, change }: Change): Promise<void> {
  const name = invocation.args[0] ?? "";
  await using hub = await openHub(invocation, ports);
  const { namespace } = hub;
  await patchObject(
    hub,
    { type: hubTypes.project, namespace, name },
    {
      signal: ports.signal,
      decide: (object) => ({ spec: change(parseProject(object).spec, `AppProject/${namespace}/${name}`) }),
    },
  );
}

/** The same. Throws APP_INVALID for a change after which the project could not be used, if it could before. */
export async function changeValidProject(invocation: Invocation, { ports, change }: Change): Promise<void> {
  const { compilePattern } = await import("#runtime/patterns.ts");
  const problemsOf = (spec: AppProjectSpec, [, namespace = "", name = ""]: readonly string[]) => {
    const project = { metadata: { namespace, name }, spec } as AppProject;
    return validateProject(project, compilePattern).map(({ message }) => message);
  };
  await changeProject(invocation, {
    ports,
    change: (spec, subject) => {
      const changed = change(spec, subject);
      const at = subject.split("/");
      const problems = problemsOf({ ...spec, ...changed }, at);
      if (problems.length > 0 && problemsOf(spec, at).length === 0) {
        throw new MooringError("APP_INVALID", problems.join("\n"));
      }
      return changed;
    },
  });
}
