// Files, brought in pieces that survive a broken connection (tus 1.0).

import { Upload } from "tus-js-client";
import { bearer, Refused } from "./asking";
import { away } from "../shell/away";

const PIECE_BYTES = 16 << 20;
// Counted anew with every piece that arrives: half an hour without a connection is survived.
const AGAIN_AFTER_MS = [0, 1000, 3000, 5000, ...Array<number>(180).fill(10_000)];
const AWAY = [0, 502, 503, 504]; // no answer, or a service that begins anew
// Somebody else writes to it, as a connection that broke may for a while; too much was asked; something is wrong.
const BRIEFLY = [409, 423, 429, 500];
const BRIEFLY_TIMES = 6;

/** Bring one file into a session; `told` hears bytes that are there of all. Raises Refused, and AbortError
 * when `given` up: then nothing of it stays. */
export async function brought(
  session: string,
  file: File,
  told: (bytes: number, of: number) => void,
  given: AbortSignal,
): Promise<void> {
  given.throwIfAborted();
  const authorization = `Bearer ${await bearer()}`;
  await new Promise<void>((resolve, reject) => {
    const upload = new Upload(file, {
      endpoint: `${location.origin}/api/v1/uploads`,
      headers: { Authorization: authorization },
      metadata: { filename: file.name, session_id: session },
      chunkSize: PIECE_BYTES,
      retryDelays: AGAIN_AFTER_MS,
      removeFingerprintOnSuccess: true,
      // What was begun for one session must not be gone on with for another.
      fingerprint: () =>
        Promise.resolve(["saycut", session, file.name, file.size, file.lastModified].join("-")),
      // Also where the browser knows that it has no connection: that is what comes back.
      onShouldRetry: (error, times) => {
        const status = error.originalResponse?.getStatus() ?? 0;
        const gone = AWAY.includes(status);
        if (gone) away.value = true;
        return gone || (BRIEFLY.includes(status) && times < BRIEFLY_TIMES);
      },
      onProgress: (bytes, of) => {
        away.value = false;
        told(bytes, of);
      },
      onSuccess: () => resolve(),
      onError: (error) => {
        away.value = false;
        reject(refusal(error));
      },
    });
    given.addEventListener("abort", () => {
      away.value = false;
      upload.abort(true).catch(() => undefined); // what does not go is swept away by the service
      reject(given.reason as Error);
    });
    upload.findPreviousUploads().then((before) => {
      const last = before[0];
      if (given.aborted) return;
      if (last !== undefined) upload.resumeFromPreviousUpload(last);
      upload.start();
    }, reject);
  });
}

function refusal(error: Error): Error {
  const answer = "originalResponse" in error ? (error.originalResponse as Answer | null) : null;
  if (answer === null) return error;
  return new Refused(answer.getStatus(), sentence(answer.getBody()) ?? error.message);
}

interface Answer {
  getStatus(): number;
  getBody(): string;
}

function sentence(body: string): string | null {
  try {
    return (JSON.parse(body) as { detail?: string }).detail ?? null;
  } catch {
    return null;
  }
}
