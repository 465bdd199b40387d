import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import { useRef } from "react";
import type { ReactNode } from "react";
import { IconButton } from "./button.tsx";
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
  const opener = useRef<Element>(null);
  return (
    <Radix.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className={styles["overlay"]} />
        <Radix.Content
          className={`${styles["content"]} ${styles[look]}`}
          onOpenAutoFocus={() => (opener.current = document.activeElement)}
          onCloseAutoFocus={(event) => {
            // Radix knows where to go back to only where it has the button that opened the dialog.
            event.preventDefault();
            if (opener.current instanceof HTMLElement) opener.current.focus({ preventScroll: true });
          }}
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
