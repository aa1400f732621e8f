// Which ten seconds of a plan are heard: from where the player is; where it is at the beginning, the service chooses.

import { Refused } from "../api/asking";
import type { Card } from "./entries";
import type { Wish } from "./trial";
import { moved } from "../player/places";
import * as playback from "../player/playback";
import { lengthS } from "../project/session";
import { tell } from "../shell/notices";

const BEGINNING_S = 0.05;
const LEAST_S = 2; // to be heard at all

/** Make and play them. */
export async function hear(card: Card): Promise<void> {
  try {
    await card.trial.listen(wishOf(card));
  } catch (error) {
    refused(card, error);
  }
}

/** The plan was changed: whoever listened hears the new one. */
export function changed(card: Card): void {
  if (card.operations.length === 0) card.trial.stop();
  else card.trial.changed(
    () => wishOf(card),
    (error) => {
      try {
        refused(card, error);
      } catch (other) {
        tell(other);
      }
    },
  );
}

function refused(card: Card, error: unknown): void {
  if (!(error instanceof Refused) || error.status !== 409) throw error;
  card.decide("stale");
}

function wishOf(card: Card): Wish {
  const operations = card.operations.map(({ op, args }) => ({ op, args }));
  const { session_id: session, version } = card.plan;
  return { session, operations, version, place: card.place, atS: card.place === null ? playerS() : null };
}

/** Where the player is, on the timeline as it stands. */
function playerS(): number | null {
  const { atS, side, sides, originals, result } = playback;
  if (atS.value < BEGINNING_S) return null;
  const before = side.value === "before" && sides.value.before === null;
  const hereS = before ? moved(atS.value, originals.value, result.value) : atS.value;
  return Math.max(Math.min(hereS, lengthS.value - LEAST_S), 0);
}
