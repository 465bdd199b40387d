import * as acts from "./acts.ts";
import { DemoFailure } from "../commands.ts";
import { readKeys } from "../keys.ts";
import { bold, dim, heading, print } from "../print.ts";
import { openUi, showUi } from "../ui.ts";
import type { Stage } from "./stage.ts";

const images = ["nginx:1.29", "nginx:1.30", "nginx:latest"];

/** Sets the scene, then does what the user asks for until they have seen enough. */
export async function playInteractive(stage: Stage): Promise<void> {
  await acts.createAndSync(stage);
  await showUi(stage.ui);
  explain(stage);
  const play = createPlay(stage);
  stage.observer.showAll();
  showMenu();
  for await (const key of readKeys(stage.signal)) {
    if (key === "q") return;
    const act = play.get(key);
    if (act === undefined) continue;
    await actOrExplain(act, stage.signal);
    showMenu();
  }
}

async function actOrExplain(act: () => Promise<void>, signal: AbortSignal): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (signal.aborted || !(error instanceof DemoFailure)) throw error;
    print(error.message);
  }
}

/** What each key does. Commits and breakages take turns, so that a key pressed again does something new. */
function createPlay(stage: Stage): ReadonlyMap<string, () => Promise<void>> {
  const { shell, observer } = stage;
  let commits = 0;
  let breakages = 0;
  const commit = async () => {
    const now = observer.view.deployment ?? { replicas: 2, image: "nginx:latest" };
    const scales = commits % 2 === 0;
    const image = images[Math.floor(commits / 2) % images.length] ?? now.image;
    commits += 1;
    await acts.commitAndWatch(
      stage,
      scales ? { replicas: (now.replicas % 5) + 1, image: now.image } : { replicas: now.replicas, image },
    );
  };
  const breakIt = async () => {
    const scales = breakages % 2 === 0;
    breakages += 1;
    await (scales ? acts.scaleByHand(stage, 7) : acts.deleteByHand(stage));
  };
  return new Map([
    ["c", commit],
    ["b", breakIt],
    ["d", () => shell.mooring(["app", "diff", "hello-world"], [0, 1])],
    ["o", () => openUi(stage.ui)],
    ["s", () => shell.mooring(["app", "get", "hello-world"])],
  ]);
}

function explain({ kubeconfigPath, repository }: Stage): void {
  heading("Try it in another terminal");
  print(`  export KUBECONFIG=${kubeconfigPath}`);
  print("  bin/mooring app get hello-world          kubectl get deployments,pods");
  print("  kubectl scale deployment hello-world --replicas 7");
  print(`  cd ${repository.directory} && $EDITOR deployment.yaml && git commit -am "a change"`);
}

function showMenu(): void {
  const key = (letter: string, text: string) => `${bold(`[${letter}]`)} ${text}`;
  const entries = [
    key("c", "commit a change"),
    key("b", "break the cluster by hand"),
    key("d", "diff"),
    key("s", "status"),
    key("o", "open the UI"),
    key("q", "quit"),
  ];
  print(`\n${entries.join(dim(" · "))}`);
}
