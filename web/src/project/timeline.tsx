// What is on the timeline, in the service's own words.

import { hasTimeline, latest } from "./session";
import { t } from "../words";

export function Timeline() {
  return (
    <section class="zone timeline" aria-labelledby="timeline-title">
      <h2 id="timeline-title">{t("timeline.title")}</h2>
      <p class={hasTimeline.value ? "" : "quiet"}>
        {hasTimeline.value ? latest.value?.state.summary : t("timeline.nothing")}
      </p>
    </section>
  );
}
