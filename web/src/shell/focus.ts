// Where the focus goes when the control that has it goes: not to the beginning of the page.

import { useEffect, useRef } from "preact/hooks";

/** For an element that can be focused itself: when a control in it had the focus and is gone, the first of
 * `next` has it, of those in the element or beside it; else the element, until there is one. */
export function useFocusKept<E extends HTMLElement>(next: string) {
  const place = useRef<E>(null);
  const had = place.current?.contains(document.activeElement) ?? false; // before this time is drawn
  useEffect(() => {
    const [here, now] = [place.current, document.activeElement];
    if (!had || here === null || (now !== document.body && now !== here)) return;
    const found = here.querySelector<HTMLElement>(next) ?? here.parentElement?.querySelector<HTMLElement>(next);
    (found ?? here).focus();
  });
  return place;
}
