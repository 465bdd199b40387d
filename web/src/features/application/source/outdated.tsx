import { Button } from "../../common/button.tsx";
import { toYaml } from "../../common/yaml/to-yaml.ts";
import { YamlDiff } from "../../common/yaml/yaml-diff.tsx";
import type { Application } from "../application-query.ts";
import styles from "./source.module.css";
import type { Draft } from "./use-draft.ts";

interface OutdatedProps {
  readonly app: Application;
  readonly draft: Draft;
}

/** Somebody else saved meanwhile: what they changed, and both ways out. */
export function Outdated({ app, draft: { base, reset, rebase } }: OutdatedProps) {
  return (
    <section role="alert" className={styles["notice"]}>
      <strong>Somebody else changed the settings while you edited them</strong>
      <p>Yours are not saved. This is what they changed:</p>
      <YamlDiff
        before={toYaml(base.spec ?? {})}
        after={toYaml(app.spec ?? {})}
        label="What somebody else changed"
      />
      <div className={styles["noticeActions"]}>
        <Button onClick={reset}>Discard mine and show theirs</Button>
        <Button look="danger" onClick={rebase}>
          Keep mine, to be saved over theirs
        </Button>
      </div>
    </section>
  );
}
