import type { JsonValue, KubeObject } from "#core/object/index.ts";
import { printValue, withoutManagedFields } from "../output/print-value.ts";
import type { CliPorts } from "../ports.ts";

interface Printing {
  readonly output: string | undefined;
  readonly ports: CliPorts;
  /** For people. */
  readonly text: () => string;
}

/** Prints one object in the format that was asked for. */
export function printObject(object: KubeObject, { output, ports, text }: Printing): void {
  if (output === "json" || output === "yaml")
    printValue(ports.stdout, output, withoutManagedFields(object) as JsonValue);
  else ports.stdout.write(output === "name" ? `${nameOf(object)}\n` : text());
}

/** Prints several as a list. */
export function printObjects(objects: readonly KubeObject[], { output, ports, text }: Printing): void {
  if (output === "json" || output === "yaml")
    printValue(
      ports.stdout,
      output,
      objects.map((object) => withoutManagedFields(object) as JsonValue),
    );
  else ports.stdout.write(output === "name" ? objects.map((one) => `${nameOf(one)}\n`).join("") : text());
}

function nameOf({ metadata: { name = "", namespace = "" } }: KubeObject): string {
  return `${namespace}/${name}`;
}
