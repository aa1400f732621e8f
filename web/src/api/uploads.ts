// Files, brought in pieces that survive a broken connection (tus 1.0).

import { Upload } from "tus-js-client";
import { bearer, Refused } from "./asking";

const PIECE_BYTES = 16 << 20;
const AGAIN_AFTER_MS = [0, 1000, 3000, 5000, 10000];

/** Bring one file into a session; `told` hears bytes that are there of all. Raises Refused. */
export async function brought(
  session: string,
  file: File,
  told: (bytes: number, of: number) => void,
): Promise<void> {
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
      onProgress: told,
      onSuccess: () => resolve(),
      onError: (error) => reject(refusal(error)),
    });
    upload.findPreviousUploads().then((before) => {
      const last = before[0];
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
