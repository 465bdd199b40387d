import type { Resource } from "../describe-resources.ts";
import styles from "./marks.module.css";

/** What is special about a resource: it is a hook, Git does not want it any more, or never named it. */
export function Marks({ resource }: { readonly resource: Resource }) {
  const { isHook, isPruned, isOrphan } = resource;
  return (
    <>
      {isHook && (
        <span className={styles["mark"]} title="A hook: it runs during a sync">
          hook
        </span>
      )}
      {isPruned && (
        <span
          className={`${styles["mark"]} ${styles["warn"]}`}
          title="It left Git: a sync with pruning deletes it"
        >
          prune
        </span>
      )}
      {isOrphan && (
        <span
          className={styles["mark"]}
          title="It is in the application's namespace and belongs to no application"
        >
          orphan
        </span>
      )}
    </>
  );
}

/** The same in words. */
export function marksOf({ isHook, isPruned, isOrphan }: Resource): readonly string[] {
  return [
    ...(isHook ? ["hook"] : []),
    ...(isPruned ? ["to be pruned"] : []),
    ...(isOrphan ? ["orphan"] : []),
  ];
}
