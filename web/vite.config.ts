import { defineConfig } from "vite";

// What the service serves: one index.html at `/`, everything else under `/page/` with its hash in its name.
// Nothing is inlined: the page's policy allows no inline script, no inline style and no data addresses.
export default defineConfig({
  base: "/page/",
  build: {
    outDir: "../src/saycut/http/page",
    emptyOutDir: true,
    assetsDir: "",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2022",
  },
  server: {
    // For working on the page: `saycut serve` answers beside.
    proxy: Object.fromEntries(["/api", "/run_sse", "/apps"].map((path) => [path, "http://127.0.0.1:8765"])),
  },
});
