/**
 * The internal API between roles of the program: the server asks the controller that leads for live state, over TLS in which both show
 * certificates of one authority. Calls are `POST /v1/<method of LiveView>` with JSON; errors keep their code and message. What is asked only
 * reads, so a call whose controller died is made again to the next one.
 */
export { createLeaderAsk } from "./ask-leader.ts";
export type { Leader } from "./ask-leader.ts";
export { controllerIdentity, serverIdentity } from "./calls.ts";
export type { PeerCredentials } from "./calls.ts";
export { createRemoteView } from "./remote-view.ts";
export { startViewServer } from "./serve-view.ts";
export type { ViewServer } from "./serve-view.ts";
