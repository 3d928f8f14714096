/* build - from the sources of a program's pages to files with hashed names and
 * the table of them that the program holds.
 *
 *   node web/build.mjs FOLDER OUTPUT     (called by CMake)
 *
 * FOLDER has main.js and index.html. OUTPUT gets, as they are served:
 *   index.html favicon.svg assets/NAME-HASH.js|css     also for --web-dir
 *   web_files.c                 the same by gzip, as the server takes them
 *   web_files.d                 what ninja looks at
 * The same sources give the same bytes. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import * as esbuild from "esbuild";

const [folder, output] = process.argv.slice(2);
const SHARED = path.dirname(process.argv[1]);
const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};
/* What the oldest browsers in the offices understand. */
const TARGET = ["chrome109", "firefox102"];

const inputs = new Set();

const text = (file) => fs.readFileSync(file, "utf8");

/* Templates keep the blanks of their lines, quotes around single words and the
 * names of what ends, which mean nothing in them: <//> ends what is open. */
const dense = ({ path: file }) => ({ contents: text(file)
  .replace(/\n +/g, "\n")
  .replace(/([>}])\n(?=<|\$\{)/g, "$1")
  .replace(/(["}])\n(?=[\w-]+=["$])/g, "$1 ")
  .replace(/(\s[\w-]+=)"([\w-]+)"(?=[\s>])/g, "$1$2")
  .replace(/<\/(\w+|\$\{\w+\})>/g, "<//>") });

/* The keys of the words stand in the file of one language alone. */
async function withoutKeys({ path: file }) {
  const [vi, en] = await Promise.all(["vi.js", "en.js"].map(async (name) =>
    (await import(path.resolve(path.dirname(file), name))).default));
  const keys = Object.keys(vi);
  const odd = [...keys.filter((key) => !(key in en)),
    ...Object.keys(en).filter((key) => !(key in vi))];
  return odd.length > 0
    ? { errors: [{ text: `in one language alone: ${odd.join(", ")}` }] }
    : { contents: `import vi from "./vi.js";
const texts = ${JSON.stringify(keys.map((key) => en[key]))};
export default Object.fromEntries(Object.keys(vi).map((key, at) =>
  [key, texts[at]]));` };
}

const smaller = { name: "smaller", setup({ onLoad }) {
  onLoad({ filter: /\/web\/(.*\/)?words\/en\.js$/ }, withoutKeys);
  onLoad({ filter: /\/web\/.*\.js$/ }, dense);
} };

/* One entry, bundled; gives the names of what came out, by suffix. */
async function bundle(entry, name, define = {}) {
  const result = await esbuild.build({
    entryPoints: { [name]: entry },
    outdir: path.join(output, "assets"),
    entryNames: "[name]-[hash]",
    bundle: true, minify: true, metafile: true, format: "iife",
    target: TARGET, charset: "utf8", legalComments: "none", define,
    plugins: [smaller],
    logLevel: "warning",
  });
  const names = {};
  Object.keys(result.metafile.inputs).forEach((file) => inputs.add(file));
  for (const file of Object.keys(result.metafile.outputs)) {
    names[path.extname(file)] = `/assets/${path.basename(file)}`;
  }
  return names;
}

function fill(file, names) {
  inputs.add(file);
  return fs.readFileSync(file, "utf8")
    .replace(/\{\{(\.\w+)\}\}/g, (whole, suffix) => names[suffix]);
}

function bytesOf(buffer) {
  const rows = [];
  for (let at = 0; at < buffer.length; at += 24) {
    rows.push(`    ${[...buffer.subarray(at, at + 24)].join(",")},`);
  }
  return rows.join("\n");
}

/* The file at `name` of the output as a row of the table. */
function row(name, index) {
  const file = path.join(output, name);
  const plain = fs.readFileSync(file);
  const gzip = execFileSync("gzip", ["-9nc"], { input: plain });
  const etag = createHash("sha256").update(plain).digest("hex").slice(0, 16);
  const forever = name.startsWith("/assets/");
  return {
    bytes: `static const unsigned char bytes_${index}[] = {\n`
      + `${bytesOf(gzip)}\n};\n`,
    row: `    {"${name}",\n     {"${TYPES[path.extname(name)]}", "${etag}",\n`
      + `      {bytes_${index}, sizeof bytes_${index}}, ${plain.length}u, `
      + `${forever}}},\n`,
  };
}

function table(names) {
  const rows = names.map(row);
  return `#include "${folder}/web_files.h"\n\n`
    + rows.map(({ bytes }) => bytes).join("\n")
    + "\nstatic const struct web_file files[] = {\n"
    + rows.map((one) => one.row).join("") + "};\n"
    + `const struct web_files ${path.basename(output)} = {\n`
    + "    files, sizeof files / sizeof *files};\n";
}

fs.rmSync(path.join(output, "assets"), { recursive: true, force: true });
fs.mkdirSync(output, { recursive: true });
const worker = await bundle(path.join(SHARED, "live_worker.js"), "live");
const app = await bundle(path.join(folder, "main.js"), "app",
  { LIVE_WORKER: JSON.stringify(worker[".js"]) });
fs.writeFileSync(path.join(output, "index.html"),
  fill(path.join(folder, "index.html"), app));
fs.writeFileSync(path.join(output, "favicon.svg"),
  fill(path.join(SHARED, "favicon.svg"), app));
fs.writeFileSync(path.join(output, "web_files.c"),
  table(["/index.html", "/favicon.svg", app[".css"], app[".js"],
    worker[".js"]]));
fs.writeFileSync(path.join(output, "web_files.d"),
  [`${path.join(output, "web_files.c")}:`,
    ...[...inputs].map((file) => path.resolve(file))].join(" \\\n  ") + "\n");
