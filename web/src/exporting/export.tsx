// Asking for the file.

import { useRef } from "preact/hooks";
import { begun } from "./renders";
import { hasTimeline, id } from "../project/session";
import { tell } from "../shell/notices";
import { type Key, t } from "../words";

const FORMATS = ["mp4", "mov", "webm", "mp3", "m4a", "wav", "flac"] as const;
const QUALITIES = ["high", "low"] as const;

export function Export() {
  const dialog = useRef<HTMLDialogElement>(null);
  return (
    <>
      <button class="primary" disabled={!hasTimeline.value} onClick={() => dialog.current?.showModal()}>
        {t("export.title")}
      </button>
      <dialog ref={dialog} aria-labelledby="export-title">
        <form
          method="dialog"
          onSubmit={(event) => {
            const asked = new FormData(event.currentTarget);
            if ((event.submitter as HTMLButtonElement | null)?.value !== "start" || id.value === null) return;
            begun(id.value, String(asked.get("format")), String(asked.get("quality"))).catch(tell);
          }}
        >
          <h2 id="export-title">{t("export.title")}</h2>
          <p>
            <label>
              {t("export.format")}
              <select name="format">
                {FORMATS.map((format) => (
                  <option key={format} value={format}>
                    {t(`export.format.${format}` as Key)}
                  </option>
                ))}
              </select>
            </label>
          </p>
          <p>
            <label>
              {t("export.quality")}
              <select name="quality">
                {QUALITIES.map((quality) => (
                  <option key={quality} value={quality}>
                    {t(`export.quality.${quality}` as Key)}
                  </option>
                ))}
              </select>
            </label>
          </p>
          <div class="decision">
            <button class="primary" value="start">
              {t("export.start")}
            </button>
            <button value="close">{t("export.close")}</button>
          </div>
        </form>
      </dialog>
    </>
  );
}
