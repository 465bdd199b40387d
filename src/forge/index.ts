/**
 * The APIs of forges. A token goes to the host that it is for, over TLS, and nowhere else: no redirect is followed. Rate limits and outages
 * are waited for, a few times and not for long; whatever is asked again is looked for first, so that nothing is written twice.
 */
export { connectForge } from "./connect-forge.ts";
