/* What can be said of the pages of both programs without a browser: that their
 * words stand in the dictionaries, that old browsers understand them, that they
 * are small. */
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { BUILT, TOP } from "./server.mjs";
import { NEWER_CSS, NEWER_JS } from "./newer.mjs";
import { expect, expectEqual, runTests } from "./runner.mjs";

const BUNDLE_BYTES_MAX = 48000;
const FILE_LINES_MAX = 400;
/* What is no word of a language. */
const NAMES = /Tallyline|\.xlsx|\.csv/g;

const PROGRAMS = ["collector", "agent"];

function files(folders, ...suffixes) {
  const listed = execFileSync("git", ["-C", TOP, "ls-files", "-co",
    "--exclude-standard", ...folders], { encoding: "utf8" });
  return listed.split("\n").filter((name) => suffixes.includes(
    path.extname(name)) && fs.existsSync(path.join(TOP, name)));
}

const FOLDERS = ["web", ...PROGRAMS.map((program) => `${program}/web`)];
const built = (program) => path.join(BUILT, `../${program}_web`);

const read = (name) => fs.readFileSync(path.join(TOP, name), "utf8");
const withoutComments = (text) => text.replace(/\/\*[^]*?\*\//g, "");
const isWords = (name) => /\/words\/(vi|en)\.js$/.test(name);
const pages = (folders = FOLDERS) => files(folders, ".js").filter((name) =>
  !isWords(name));

async function wordsOf(folder) {
  const [vi, en] = await Promise.all(["vi", "en"].map((language) =>
    import(path.join(TOP, folder, "words", `${language}.js`))));
  return { vi: vi.default, en: en.default };
}

const shared = await wordsOf("web");
const own = Object.fromEntries(await Promise.all(PROGRAMS.map(
  async (program) => [program, await wordsOf(`${program}/web`)])));
/* All that a program's pages may say. */
const known = (program) => ({ ...shared.vi, ...own[program].vi });

/* The modules that a program's bundle is made of, as they import each other. */
function bundled(program) {
  const found = new Set();
  const visit = (name) => {
    if (!found.has(name)) {
      found.add(name);
      for (const [, to] of read(name)
        .matchAll(/(?:from|import)\s+"(\..*\.js)"/g)) {
        visit(path.join(path.dirname(name), to));
      }
    }
  };
  visit(`${program}/web/main.js`);
  return [...found].filter((name) => !isWords(name));
}

/* The end of the template or ${...} that begins at `at`; each piece of markup,
 * with \0 where a value stands, is given to `tell`. */
function markup(text, at, tell) {
  let piece = "";
  while (text[at] !== "`") {
    if (text.startsWith("${", at)) {
      at = expression(text, at + 2, tell);
      piece += "\0";
    } else {
      piece += text[at++];
    }
  }
  tell(piece);
  return at + 1;
}

function expression(text, at, tell) {
  for (let depth = 1; ; at++) {
    if (text[at] === "`") {
      const own = text.slice(0, at).endsWith("html") ? tell : () => {};
      at = markup(text, at + 1, own) - 1;
    } else if (text[at] === '"') {
      at = text.indexOf('"', at + 1);
    } else if (text[at] === "{") {
      depth++;
    } else if (text[at] === "}" && --depth === 0) {
      return at + 1;
    }
  }
}

/* Words that stand in markup: between tags, or in what is read out. */
function literals(text) {
  const found = [];
  expression(`${withoutComments(text)}}`, 0, (piece) => {
    const spoken = [...piece.matchAll(
      /(?:aria-label|title|alt|placeholder|label)="([^"]*)"/g)];
    const between = piece.replace(/<[^>]*>/g, "\n");
    found.push(...[between, ...spoken.map(([, words]) => words)]
      .map((words) => words.replace(NAMES, ""))
      .filter((words) => /\p{L}/u.test(words)));
  });
  return found;
}

function bothLanguagesHaveTheSameKeys() {
  const marks = (text) => [...new Set(text.match(/\{\w+\}/g))].sort();
  for (const { vi, en } of [shared, ...Object.values(own)]) {
    expectEqual(Object.keys(vi), Object.keys(en), "keys of en");
    for (const key of Object.keys(vi)) {
      expectEqual(marks(en[key]), marks(vi[key]), `values in ${key}`);
      expect(vi[key].trim() && en[key].trim(), `${key} says nothing`);
      expect(vi[key] === vi[key].normalize("NFC"), `${key} is not NFC`);
    }
  }
}

/* A word of both programs stands once. */
function noProgramRepeatsASharedWord() {
  for (const program of PROGRAMS) {
    expectEqual(Object.keys(own[program].vi).filter((key) => key in shared.vi),
      [], `shared words in ${program}/web`);
  }
}

function unsaid(words, folders) {
  const all = pages(folders).map(read).join("\n");
  const families = [...all.matchAll(/`(\w+_)\$\{/g)].map(([, one]) => one);
  families.push(...[...all.matchAll(/(?:word\(|family=)"(\w+)"/g)]
    .map(([, family]) => `${family}_`), "status_", "figure_");
  return Object.keys(words).filter((key) => !all.includes(`"${key}"`)
    && !families.some((family) => key.startsWith(family)));
}

function everyWordIsUsed() {
  expectEqual(unsaid(shared.vi, FOLDERS), [], "words that nobody says");
  for (const program of PROGRAMS) {
    expectEqual(unsaid(own[program].vi, ["web", `${program}/web`]), [],
      `words that nobody says in ${program}/web`);
  }
}

function everyKeyIsInTheDictionary() {
  for (const program of PROGRAMS) {
    const words = known(program);
    for (const name of bundled(program)) {
      for (const [, key] of read(name).matchAll(/\bt\(\s*"(\w+)"/g)) {
        expect(key in words, `${name}: ${key} is not in the dictionary`);
      }
    }
  }
}

function noPageHasWordsOfItsOwn() {
  expectEqual(literals("html`<p title=\"Xin\">${x}chào ${html`<b>a</b>`}</p>`"),
    ["\na\n", "\n\0chào \0\n", "Xin"], "words of an example");
  for (const name of pages()) {
    expectEqual(literals(read(name)), [], `words in ${name}`);
  }
}

function oldBrowsersUnderstandThem() {
  const bundles = PROGRAMS.flatMap((program) =>
    fs.readdirSync(path.join(built(program), "assets"))
      .map((name) => path.join(built(program), "assets", name)));
  const sources = files(FOLDERS, ".js", ".css")
    .map((name) => path.join(TOP, name));
  for (const name of [...sources, ...bundles]) {
    const text = withoutComments(fs.readFileSync(name, "utf8"));
    const newer = name.endsWith(".css") ? NEWER_CSS : NEWER_JS;
    for (const [pattern, since] of newer) {
      const found = text.match(pattern);
      expect(!found, `${name}: ${found?.[0]} is newer: ${since}`);
    }
  }
}

function theBundlesAreSmall() {
  for (const folder of PROGRAMS.map(built)) {
    const names = ["index.html", "favicon.svg", ...fs.readdirSync(
      path.join(folder, "assets")).map((name) => `assets/${name}`)];
    const all = names.map((name) => execFileSync("gzip",
      ["-9nc", path.join(folder, name)]).length)
      .reduce((sum, one) => sum + one);
    console.log(`    ${path.basename(folder)}: ${all} bytes by gzip in `
      + `${names.length} files`);
    expect(all <= BUNDLE_BYTES_MAX, `${all} bytes, at most `
      + BUNDLE_BYTES_MAX);
  }
}

function thePolicyAllowsThem() {
  for (const name of files(FOLDERS, ".js", ".html", ".css")) {
    const text = withoutComments(read(name));
    const found = text.match(
      /\beval\(|new Function|innerHTML|dangerouslySet|javascript:|<style|style="|\son\w+="|https?:\/\/(?!www\.w3\.org\/2000\/svg)/);
    expect(!found, `${name}: ${found?.[0]}`);
  }
}

const modules = () => files([...FOLDERS, "tests/web"], ".js", ".mjs").filter(
  (name) => !isWords(name));

function whatIsImportedIsUsed() {
  for (const name of modules()) {
    const text = withoutComments(read(name));
    for (const [, list] of text.matchAll(/import \{([^}]*)\} from/g)) {
      for (const one of list.split(",").map((each) => each.trim())) {
        const uses = text.match(new RegExp(`\\b${one}\\b`, "g")).length;
        expect(uses > 1, `${name}: ${one} is not used`);
      }
    }
  }
}

function whatIsExportedIsImported() {
  const texts = modules().map((name) => [name, withoutComments(read(name))]);
  for (const [name, text] of texts) {
    for (const [, one] of text.matchAll(
      /^export (?:async )?(?:function|const|let) (\w+)/gm)) {
      expect(texts.some(([other, uses]) => other !== name
        && new RegExp(`\\b${one}\\b`).test(uses)),
      `${name}: only here ${one} is used`);
    }
  }
}

function filesAreShort() {
  for (const name of files(FOLDERS, ".js", ".mjs", ".css")) {
    const lines = read(name).split("\n");
    expect(lines.length <= FILE_LINES_MAX || isWords(name),
      `${name}: ${lines.length} lines`);
    expect(isWords(name) || lines.every((line) =>
      line.length <= 80), `${name}: a line of more than 80 columns`);
  }
}

await runTests({
  both_languages_have_the_same_keys: bothLanguagesHaveTheSameKeys,
  no_program_repeats_a_shared_word: noProgramRepeatsASharedWord,
  every_key_is_in_the_dictionary: everyKeyIsInTheDictionary,
  every_word_is_used: everyWordIsUsed,
  no_page_has_words_of_its_own: noPageHasWordsOfItsOwn,
  old_browsers_understand_them: oldBrowsersUnderstandThem,
  the_bundles_are_small: theBundlesAreSmall,
  the_policy_allows_them: thePolicyAllowsThem,
  what_is_imported_is_used: whatIsImportedIsUsed,
  what_is_exported_is_imported: whatIsExportedIsImported,
  files_are_short: filesAreShort,
});
