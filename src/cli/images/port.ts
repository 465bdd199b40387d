import type { AutomationView } from "#core/images/index.ts";
import type { JsonValue } from "#core/object/index.ts";
import type { Invocation } from "../command.ts";
import { openClusterHub } from "../hub.ts";
import type { CliPorts } from "../ports.ts";

export interface AutomationName {
  readonly namespace: string;
  readonly name: string;
}

/** An ImageAutomation, for people and for programs. */
export interface Told {
  readonly view: AutomationView;
  /** The object, or what a server tells of it. */
  readonly raw: JsonValue;
}

/** ImageAutomations, as a server gives them or as they are on the cluster. */
export interface Automations extends AsyncDisposable {
  /** The control plane's. */
  readonly namespace: string;
  list(namespace: string | undefined): Promise<readonly Told[]>;
  /** Throws APP_NOT_FOUND or API_NOT_FOUND. */
  get(name: AutomationName): Promise<Told>;
  /** Gives the word by which the scan is known when it was made. */
  scan(name: AutomationName): Promise<{ readonly view: AutomationView; readonly word: string }>;
  suspend(name: AutomationName): Promise<void>;
  resume(name: AutomationName): Promise<void>;
}

/** Those of the server that one is logged in to or has named, or else of the control plane's cluster. The caller disposes it. */
export async function openAutomations(invocation: Invocation, ports: CliPorts): Promise<Automations> {
  const { chooseServer } = await import("../server/choose-server.ts");
  const choice = await chooseServer(invocation, ports);
  if (choice === undefined) {
    const { automationsOnCluster } = await import("./on-cluster.ts");
    return automationsOnCluster(await openClusterHub(invocation, ports), ports);
  }
  const { openServerHub } = await import("../server/open-server.ts");
  const { automationsOverServer } = await import("./over-server.ts");
  return automationsOverServer(await openServerHub(choice, ports), ports);
}
