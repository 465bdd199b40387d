import { runControllerProcess } from "#main/controller.ts";

/** The controller as a process of its own, for tests that kill it: `controller-process.ts <kubeconfig> <namespace> <data> <identity>`. */
const [kubeconfig = "", namespace = "", data = "", identity = ""] = process.argv.slice(2);

process.exitCode = await runControllerProcess({
  kubeconfig,
  namespace,
  data,
  identity,
  onReady: () => void process.stdout.write("ready\n"),
});
