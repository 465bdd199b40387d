import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { IconButton } from "./button.tsx";
import { useReturnFocus } from "./return-focus.ts";
import styles from "./dialog.module.css";

interface DialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly title: ReactNode;
  readonly description?: ReactNode;
  readonly children?: ReactNode;
  /** Buttons, the one that does it last. */
  readonly actions?: ReactNode;
  /** `panel` comes in from the right, over the whole height. */
  readonly look?: "box" | "wide" | "panel";
}

/** Stands over the page until it is closed; keeps the focus. */
export function Dialog({
  isOpen,
  onClose,
  title,
  description,
  children,
  actions,
  look = "box",
}: DialogProps) {
  const focus = useReturnFocus();
  return (
    <Radix.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className={styles["overlay"]} />
        <Radix.Content
          className={`${styles["content"]} ${styles[look]}`}
          {...focus}
          {...(description === undefined ? { "aria-describedby": undefined } : {})}
        >
          <header className={styles["head"]}>
            <Radix.Title className={styles["title"]}>{title}</Radix.Title>
            <Radix.Close asChild>
              <IconButton label="Close" size="small">
                <X />
              </IconButton>
            </Radix.Close>
          </header>
          {description !== undefined && (
            <Radix.Description asChild>
              <div className={styles["description"]}>{description}</div>
            </Radix.Description>
          )}
          <div className={styles["body"]}>{children}</div>
          {actions !== undefined && <footer className={styles["foot"]}>{actions}</footer>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
