// Uploads a file as any program does that uses tus-js-client, and remembers its address in a file.
// With `dieAtBytes` the process kills itself, without a word to anybody, once so much was sent.
// Usage: node upload.mjs '{"endpoint", "token", "sessionId", "path", "addresses", "chunkBytes", "dieAtBytes"}'
// Prints one line of JSON: {"url", "resumedFrom", "chunks"}.
import { createReadStream } from "node:fs";
import { basename } from "node:path";
import { FileUrlStorage, Upload } from "tus-js-client";

const asked = JSON.parse(process.argv[2]);
const told = { url: null, resumedFrom: null, chunks: 0 };

const upload = new Upload(createReadStream(asked.path), {
  endpoint: asked.endpoint,
  headers: { Authorization: `Bearer ${asked.token}` },
  metadata: { filename: basename(asked.path), session_id: asked.sessionId },
  chunkSize: asked.chunkBytes ?? Infinity,
  urlStorage: new FileUrlStorage(asked.addresses),
  retryDelays: [100, 300, 1000, 3000],
  onProgress: (sentBytes) => {
    told.resumedFrom ??= sentBytes;
    if (asked.dieAtBytes !== undefined && sentBytes >= asked.dieAtBytes) process.kill(process.pid, "SIGKILL");
  },
  onChunkComplete: () => {
    told.chunks += 1;
  },
  onError: (error) => {
    console.error(String(error));
    process.exit(1);
  },
  onSuccess: () => console.log(JSON.stringify({ ...told, url: upload.url })),
});

const [previous] = await upload.findPreviousUploads();
if (previous !== undefined) upload.resumeFromPreviousUpload(previous);
upload.start();
