import { CircleCheck, CircleX, X } from "lucide-react";
import { useSyncExternalStore } from "react";
import { IconButton } from "./button.tsx";
import styles from "./toast.module.css";

interface Toast {
  readonly id: number;
  readonly tone: "good" | "bad";
  readonly text: string;
}

const shownMs = 6_000;
const maxToasts = 4;
const listeners = new Set<() => void>();
let toasts: readonly Toast[] = [];
let nextId = 1;

function change(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

function close(id: number): void {
  change(toasts.filter((toast) => toast.id !== id));
}

/** Tells that something was done, for some seconds. What went wrong stays until it is closed. */
export function tell(text: string, tone: Toast["tone"] = "good"): void {
  const id = nextId;
  nextId += 1;
  change([...toasts.slice(1 - maxToasts), { id, tone, text }]);
  if (tone === "good") setTimeout(() => close(id), shownMs);
}

export function tellError(error: Error): void {
  tell(error.message, "bad");
}

export function Toasts() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
  return (
    <section aria-label="Notices" aria-live="polite" className={styles["toasts"]}>
      {shown.map(({ id, tone, text }) => (
        <div key={id} className={`${styles["toast"]} ${styles[tone]}`}>
          {tone === "good" ? <CircleCheck aria-hidden="true" /> : <CircleX aria-hidden="true" />}
          <p>{text}</p>
          <IconButton label="Close the notice" size="small" onClick={() => close(id)}>
            <X />
          </IconButton>
        </div>
      ))}
    </section>
  );
}
