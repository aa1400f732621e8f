// Several films at once: one project of many clips, or each for itself.

import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { begin } from "./batch";
import { bringFiles } from "../project/bringing";
import { tell } from "../shell/notices";
import { t } from "../words";

const FILM = /\.(mp4|mov|avi|webm|mkv|m4v)$/i;

const waiting = signal<File[] | null>(null);

/** Bring files in; where it is not clear into what, the person is asked. */
export function bring(files: File[]): void {
  const films = files.filter((file) => file.type.startsWith("video/") || FILM.test(file.name));
  if (films.length > 1) waiting.value = files;
  else bringFiles(files).catch(tell);
}

export function Choosing() {
  const dialog = useRef<HTMLDialogElement>(null);
  const files = waiting.value;
  useEffect(() => {
    if (files !== null) dialog.current?.showModal();
    else dialog.current?.close();
  }, [files]);
  const take = (work: (files: File[]) => Promise<void>) => () => {
    waiting.value = null;
    if (files !== null) work(files).catch(tell);
  };
  return (
    <dialog ref={dialog} aria-labelledby="choosing-title" onClose={() => (waiting.value = null)}>
      <h2 id="choosing-title">{t("batch.choose", { count: files?.length ?? 0 })}</h2>
      <ul class="ways">
        <li>
          <button onClick={take(bringFiles)}>{t("batch.choose.one")}</button>
          <p class="quiet">{t("batch.choose.one.more")}</p>
        </li>
        <li>
          <button onClick={take(begin)}>{t("batch.choose.each")}</button>
          <p class="quiet">{t("batch.choose.each.more")}</p>
        </li>
      </ul>
    </dialog>
  );
}
