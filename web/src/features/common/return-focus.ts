import { useRef } from "react";

interface FocusEvents {
  readonly onOpenAutoFocus: () => void;
  readonly onCloseAutoFocus: (event: Event) => void;
}

/** For a dialog that no trigger of its own opens: the focus goes back to where it was before (WCAG 2.2, 2.4.3). */
export function useReturnFocus(): FocusEvents {
  const before = useRef<Element | null>(null);
  return {
    onOpenAutoFocus: () => {
      before.current = document.activeElement;
    },
    onCloseAutoFocus: (event) => {
      event.preventDefault();
      if (before.current instanceof HTMLElement) before.current.focus();
    },
  };
}
