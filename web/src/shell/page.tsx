// One screen: say, see and hear, export.

import { away, inSight, rows } from "../batch/batch";
import { Choosing } from "../batch/choosing";
import { Batch } from "../batch/view";
import { Chat } from "../chat/chat";
import { busy, cleared } from "../chat/conversation";
import { Export } from "../exporting/export";
import { Jobs } from "../exporting/jobs";
import { Files } from "../project/files";
import { Player } from "../player/player";
import { left } from "../project/session";
import { Past } from "../project/history";
import { language, speak, t } from "../words";
import { Away } from "./away";
import { notice } from "./notices";
import { theme, wear } from "./theme";

export function Page() {
  return (
    <>
      <a class="skip" href="#sentence">
        {t("page.skip")}
      </a>
      <Header />
      <Away />
      <Notice />
      {inSight.value ? <Batch /> : <Project />}
      <Choosing />
    </>
  );
}

function Project() {
  return (
    <>
      <main>
        <Chat />
        <div class="result">
          <Files />
          <Player />
          <Past />
          <Jobs />
        </div>
      </main>
    </>
  );
}

function Header() {
  const other = language.value === "en" ? "zh" : "en";
  const shade = theme.value === "dark" ? "light" : "dark";
  return (
    <header>
      <h1>{t("page.title")}</h1>
      <div class="tools">
        <button lang={other} onClick={() => speak(other)}>
          {t("page.language")}
        </button>
        <button onClick={() => wear(shade)}>{t(`page.theme.${shade}`)}</button>
        {rows.value !== null && away.value && (
          <button onClick={() => (away.value = false)}>{t("batch.back", { count: rows.value.length })}</button>
        )}
        <button
          disabled={busy.value}
          onClick={() => {
            left();
            cleared();
            away.value = true; // a batch goes on beside it
          }}
        >
          {t("page.new")}
        </button>
        {!inSight.value && <Export />}
      </div>
    </header>
  );
}

function Notice() {
  if (notice.value === null) return <div role="alert" class="notice" hidden />;
  return (
    <div role="alert" class="notice">
      <p>{notice.value}</p>
      <button onClick={() => (notice.value = null)}>{t("page.dismiss")}</button>
    </div>
  );
}
