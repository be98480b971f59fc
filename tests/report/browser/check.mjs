// Opens a report in Chromium and prints what it found as JSON: node check.mjs REPORT MODULES CHROMIUM
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [report, modules, executablePath] = process.argv.slice(2);
const require = createRequire(join(resolve(modules), "node_modules", "index.js"));
const { chromium } = require("playwright-core");
const axe = await readFile(require.resolve("axe-core/axe.min.js"), "utf8");
const address = pathToFileURL(resolve(report)).href;
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });

// A page that keeps what it says, asks for and opens.
async function open(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const seen = { said: [], asked: [], dialogs: 0 };
  page.on("console", (message) => seen.said.push(message.text()));
  page.on("pageerror", (error) => seen.said.push(String(error)));
  page.on("dialog", (dialog) => { seen.dialogs += 1; dialog.dismiss(); });
  page.on("request", (request) => {
    if (request.url() !== address && !request.url().startsWith("data:")) {
      seen.asked.push(request.url());
    }
  });
  await page.goto(address);
  if (options.javaScriptEnabled !== false) {
    await page.waitForFunction(() => document.querySelectorAll(".number").length === document.querySelectorAll("[data-origin]").length
      && document.querySelectorAll(".reader").length === document.querySelectorAll("figure script").length);
  }
  return { page, seen, close: () => context.close() };
}

async function rules(colorScheme, width) {
  const { page, seen, close } = await open({ colorScheme, viewport: { width, height: 900 } });
  const paint = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0].startTime);
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  // The data of one figure stand for those of all: they are made alike, and are long.
  await page.evaluate(function () {
    document.querySelectorAll("details:not(.figure-data)").forEach((node) => { node.open = true; });
    document.querySelectorAll("details.figure-data").forEach((node, place) => { node.open = place === 0; });
    document.querySelectorAll("td .number").forEach((node, place) => place === 0 && node.click());
  });
  await page.evaluate(axe);
  const found = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
  await close();
  return {
    scheme: colorScheme, width, paint, sideways, ...seen,
    violations: found.violations.map((v) => ({ id: v.id, impact: v.impact, n: v.nodes.length, first: v.nodes[0].html.slice(0, 200) })),
  };
}

async function keyboard() {
  const { page, seen, close } = await open();
  const focused = () => page.evaluate(() => document.activeElement.className || document.activeElement.textContent.trim());
  const found = {};
  await page.keyboard.press("Tab");
  found.first = await focused();
  await page.keyboard.press("Enter");
  found.skipped = await page.evaluate(() => location.hash);
  found.unseen = await page.evaluate(unseen);
  const number = page.locator("td .number").first();
  if (await number.count()) {
    found.stops = await page.evaluate(() => Array.from(document.querySelectorAll("table"), (table) =>
      table.querySelectorAll('.number[tabindex="0"]').length));
    found.keyNumbers = await page.locator("dd .number").count();
    await number.focus();
    await page.keyboard.press("ArrowDown");
    found.below = await page.evaluate(() => document.activeElement.closest("tr").rowIndex);
    found.start = await number.evaluate((node) => node.closest("tr").rowIndex);
    await page.keyboard.press("Enter");
    found.opened = await focused();
    found.said = await page.locator(".origin").innerText();
    await page.keyboard.press("Escape");
    found.returned = await focused();
    found.closed = await page.locator(".origin").isHidden();
  }
  const size = page.locator("th .number").first();
  if (await size.count()) {
    await size.focus();
    await page.keyboard.press("Enter");
    found.size = { text: await size.innerText(), said: await page.locator(".origin").innerText() };
    await page.keyboard.press("Escape");
    found.size.returned = await focused();
  }
  const button = page.locator("button.sort").first();
  if (await button.count()) {
    await button.focus();
    await page.keyboard.press("Enter");
    found.sorted = await button.evaluate((node) => node.closest("th").getAttribute("aria-sort"));
  }
  found.readers = [];
  for (const reader of await page.locator(".reader").all()) {
    await reader.focus();
    const values = [await reader.getAttribute("aria-valuetext")];
    for (const key of ["ArrowRight", "End", "Home"]) {
      await page.keyboard.press(key);
      values.push(await reader.getAttribute("aria-valuetext"));
    }
    const shown = await reader.locator(".tip").isVisible();
    await page.keyboard.press("Escape");
    found.readers.push({ label: await reader.getAttribute("aria-label"), values, shown });
  }
  await close();
  return { ...found, errors: seen.said };
}

// Stops of the Tab key that show nothing when they have the focus.
function unseen() {
  const stops = document.querySelectorAll('a[href], button, summary, [tabindex="0"]');
  return Array.from(stops).filter(function (node) {
    if (!node.getClientRects().length) {
      return false;
    }
    node.focus({ focusVisible: true, preventScroll: true });
    return document.activeElement === node && getComputedStyle(node).outlineStyle === "none";
  }).map((node) => node.outerHTML.slice(0, 120));
}

async function pointer() {
  const { page, seen, close } = await open();
  const readers = [];
  for (const reader of await page.locator(".reader").all()) {
    await reader.scrollIntoViewIfNeeded();
    const box = await reader.boundingBox();
    await reader.hover({ position: { x: box.width * 0.45, y: Math.min(box.height * 0.4, 300) } });
    const tip = reader.locator(".tip");
    readers.push({
      label: await reader.getAttribute("aria-label"),
      value: await reader.getAttribute("aria-valuetext"),
      shown: await tip.isVisible(),
      text: await tip.innerText(),
    });
  }
  await close();
  return { readers, errors: seen.said };
}

async function sorted() {
  const { page, seen, close } = await open();
  const lengths = await page.evaluate(() => Array.from(document.querySelectorAll("table[data-sortable]"), (table) =>
    table.querySelectorAll('tr[data-group="1"]').length));
  const table = page.locator("table[data-sortable]").nth(lengths.indexOf(Math.max(...lengths)));
  const rows = () => table.locator("tbody tr").allInnerTexts();
  const orders = [await rows()];
  const button = table.locator("button.sort").nth(1);
  const states = [];
  for (let click = 0; click < 3; click += 1) {
    await button.click();
    states.push(await table.locator("th[aria-sort]").nth(1).getAttribute("aria-sort"));
    orders.push(await rows());
  }
  await close();
  return { orders, states, errors: seen.said };
}

async function copied() {
  const { page, close } = await open({ permissions: ["clipboard-read", "clipboard-write"] });
  await page.locator(".tools button", { hasText: "Copy table" }).first().click();
  const status = await page.locator(".status").first().innerText();
  const clipboard = await page.evaluate(async function () {
    const found = {};
    for (const item of await navigator.clipboard.read()) {
      for (const type of item.types) {
        found[type] = await (await item.getType(type)).text();
      }
    }
    return found;
  });
  const href = await page.locator(".tools a[download]").first().getAttribute("href");
  await close();
  return { status, clipboard, csv: Buffer.from(href.split(",")[1], "base64").toString("utf8") };
}

async function themed() {
  const { page, close } = await open({ colorScheme: "light" });
  const color = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const colors = [await color()];
  for (let click = 0; click < 2; click += 1) {
    await page.locator(".theme").click();
    colors.push(await color());
  }
  await close();
  return colors;
}

// A script that is not the page's own must not run.
async function strange() {
  const { page, close } = await open();
  const ran = await page.evaluate(function () {
    const script = document.createElement("script");
    script.textContent = "window.strange = true";
    document.body.append(script);
    return window.strange === true;
  });
  await close();
  return ran;
}

async function withoutScript() {
  const { page, seen, close } = await open({ javaScriptEnabled: false });
  const found = {
    tables: await page.locator("table:visible").count(), pictures: await page.locator("img:visible").count(),
    buttons: await page.locator("button").count(), links: await page.locator(".tools a:visible").count(),
  };
  await close();
  return { ...found, errors: seen.said };
}

async function printed() {
  const { page, close } = await open({ colorScheme: "dark" });
  await page.locator(".theme").click();
  await page.locator(".theme").click();
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  const found = {
    paper: await page.evaluate(() => getComputedStyle(document.body).backgroundColor),
    hidden: await page.locator("nav:visible, .tools:visible, .reader:visible, .theme:visible").count(),
    // What has a box of its own is left out of heads that repeat on the next page.
    boxes: await page.evaluate(() => Array.from(document.querySelectorAll("thead th *")).filter(function (node) {
      const style = getComputedStyle(node);
      return !["contents", "none"].includes(style.display) && (style.display !== "inline" || style.position !== "static");
    }).length),
    bytes: (await page.pdf({ format: "A4" })).length,
  };
  await close();
  return found;
}

const found = { pages: [] };
for (const scheme of ["light", "dark"]) {
  for (const width of [1280, 320]) {
    found.pages.push(await rules(scheme, width));
  }
}
found.keyboard = await keyboard();
found.pointer = await pointer();
found.sorted = await sorted();
found.copied = await copied();
found.colors = await themed();
found.strange = await strange();
found.withoutScript = await withoutScript();
found.printed = await printed();
await browser.close();
console.log(JSON.stringify(found));
