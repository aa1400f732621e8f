// Words on the picture, worked on where they are: a click on one, or on a free place, opens a field there.

import { useEffect, useRef } from "preact/hooks";
import { begin, edited, POSITIONS, shown, type Title, titles } from "./titles";
import { busy } from "../chat/conversation";
import { atS, onResult, stop, wholeS } from "../player/playback";
import { tell } from "../shell/notices";
import { t } from "../words";

export function TitlesInPlace() {
  if (!onResult.value) return null;
  const here = titles.value.filter((each) => each.startS <= atS.value && atS.value < each.endS);
  return (
    <div class="in-place">
      {POSITIONS.map((position) => {
        const open = edited.value?.position === position ? edited.value : null;
        const title = here.find((each) => each.position === position);
        return (
          <div key={position} class={`cell ${position}`}>
            {open !== null ? (
              <Field title={open} />
            ) : title !== undefined ? (
              <button disabled={busy.value} onClick={() => open_(title)} aria-label={t("titles.edit", { text: title.text })} />
            ) : (
              <button
                class="free"
                disabled={busy.value}
                tabIndex={-1}
                aria-hidden="true"
                title={t("titles.add")}
                onDblClick={() => {
                  stop();
                  begin(atS.value, wholeS.value, position);
                }}
              />
            )}
          </div>
        );
      })}
    </div>
  );
}

function open_(title: Title): void {
  stop();
  edited.value = title;
}

function Field({ title }: { title: Title }) {
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, [title.number, title.position]);
  return (
    <textarea
      ref={field}
      rows={2}
      maxLength={500}
      value={title.text}
      aria-label={t("titles.text")}
      placeholder={t("titles.text")}
      onInput={(event) => (edited.value = { ...title, text: event.currentTarget.value })}
      onKeyDown={(event) => {
        event.stopPropagation(); // no key of the player's
        if (event.key === "Escape") edited.value = null;
        if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
        event.preventDefault();
        if (title.text.trim() !== "") shown(title).catch(tell);
      }}
    />
  );
}
