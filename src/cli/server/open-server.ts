import type { ApiClient } from "#api/contract/api-client.ts";
import type { CliHub } from "../hub.ts";
import type { Invocation } from "../command.ts";
import { MooringError } from "#core/errors/index.ts";
import type { CliPorts } from "../ports.ts";
import type { ServerChoice } from "./choose-server.ts";
import { chooseServer } from "./choose-server.ts";
import { createServerCluster } from "./server-cluster.ts";
import { renewedToken } from "./renew-token.ts";

/** The server with a token that is as fresh as can be. The caller disposes it. Throws CONFIG_INVALID and API_UNAUTHENTICATED. */
async function openServer(choice: ServerChoice, ports: CliPorts): Promise<ApiClient> {
  const token = await renewedToken(choice, ports);
  return await ports.connectApi({ ...choice.connection, token });
}

/** What a server gives of the hub. The caller disposes it. Throws `API_` errors. */
export async function openServerHub(choice: ServerChoice, ports: CliPorts): Promise<CliHub> {
  await using opening = new AsyncDisposableStack();
  const api = opening.use(await openServer(choice, ports));
  const { controllerNamespace = "argocd" } = await api.ask.settings.get({}, ports.signal);
  const open = opening.move();
  return {
    cluster: createServerCluster(api, ports.clock),
    namespace: controllerNamespace,
    place: `on server ${api.address}`,
    api,
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

/** The server that a command asks which can be done over one only. Throws CONFIG_NOT_FOUND where nobody is logged in. */
export async function requireServer(invocation: Invocation, ports: CliPorts): Promise<ApiClient> {
  const choice = await chooseServer(invocation, ports);
  if (choice !== undefined) return await openServer(choice, ports);
  throw new MooringError(
    "CONFIG_NOT_FOUND",
    "login: this command asks an API server, and there is none to ask: log in with mooring login SERVER, and leave out --core, --kubeconfig and --context",
  );
}
