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
      giveBackFocus(before.current);
    },
  };
}

/** Of a menu that has closed meanwhile nothing is left: the page takes its place. */
export function giveBackFocus(before: Element | null): void {
  const isThere = before instanceof HTMLElement && before.isConnected && before !== document.body;
  const place = isThere ? before : document.querySelector<HTMLElement>("#main");
  place?.focus({ preventScroll: true });
}
