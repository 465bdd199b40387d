import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import { useState } from "react";
import type { ReactNode } from "react";
import { IconButton } from "./button.tsx";
import styles from "./dialog.module.css";
import { giveBackFocus } from "./return-focus.ts";

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
  /** Stays when somebody clicks beside it: what was typed would be lost. */
  readonly isSticky?: boolean;
}

/** Stands over the page until it is closed; keeps the focus, and gives it back to where it was. */
export function Dialog({ isOpen, onClose, ...rest }: DialogProps) {
  return (
    <Radix.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className={styles["overlay"]} />
        <Content {...rest} />
      </Radix.Portal>
    </Radix.Root>
  );
}

/** Escape in the search of an editor closes that, and not what the editor is in. */
function leaveToEditor(event: KeyboardEvent): void {
  if (event.target instanceof Element && event.target.closest(".cm-panels") !== null) event.preventDefault();
}

/** Is there while the dialog is open. */
function Content({
  title,
  description,
  children,
  actions,
  look = "box",
  isSticky = false,
}: Omit<DialogProps, "isOpen" | "onClose">) {
  // Before anything in the dialog takes the focus.
  const [before] = useState(() => document.activeElement);
  return (
    <Radix.Content
      className={`${styles["content"]} ${styles[look]}`}
      onEscapeKeyDown={leaveToEditor}
      onInteractOutside={(event) => isSticky && event.preventDefault()}
      onCloseAutoFocus={(event) => {
        event.preventDefault();
        giveBackFocus(before);
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
  );
}
