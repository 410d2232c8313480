import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { renderRun } from "../../../src/report/render-run.ts";
import { findChromium, openBrowser } from "./browser.ts";
import { hostileRun, HOSTILE } from "./hostile-run.ts";
import { syntheticRun, writeRun } from "../synthetic-run.ts";

const command = findChromium();

describe("the page in Chromium", () => {
  if (command === undefined) notTested();
  else browserTests(command);
});

function notTested(): void {
  it("was NOT TESTED IN A BROWSER: no Chromium found, see scripts/setup-browser.mjs", () => {
    console.warn("The report's page was NOT TESTED IN A BROWSER: no Chromium found");
    expect(command).toBeUndefined();
  });
}

function browserTests(executable: string): void {
  let directory: string;
  let browser: Browser;
  const urls = { plain: "", hostile: "", unfinished: "" };
  const faults: string[] = [];

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "funprm-page-"));
    const { data, problems } = syntheticRun({ problems: 60, candidates: 6 });
    const runs = {
      plain: { data, problems },
      hostile: hostileRun(),
      unfinished: { data: { ...data, complete: false }, problems: problems.slice(0, 1) },
    };
    for (const name of ["plain", "hostile", "unfinished"] as const) {
      const folder = join(directory, name);
      await writeRun(folder, runs[name]);
      urls[name] = pathToFileURL(await renderRun(folder)).href;
    }
    browser = await openBrowser(executable);
  });
  afterAll(async () => {
    await browser.close();
    rmSync(directory, { recursive: true });
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    // Every test is one of these too: nothing is asked of a network, nothing goes wrong unseen.
    expect(faults.splice(0)).toEqual([]);
  });

  async function open(url: string, options: BrowserContextOptions = {}): Promise<Page> {
    const page = await (await browser.newContext(options)).newPage();
    const [file] = url.split("#");
    page.on("request", (request) => {
      // A blob is the page's own memory: a chart on its way to a file.
      if (request.url().split("#")[0] !== file && !request.url().startsWith("blob:"))
        faults.push(`request: ${request.url()}`);
    });
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) faults.push(`console: ${message.text()}`);
    });
    page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
    page.on("dialog", (dialog) => faults.push(`dialog: ${dialog.message()}`));
    await page.goto(url);
    return page;
  }
  const focused = (page: Page): Promise<string> =>
    page.evaluate(() => document.activeElement?.id || document.activeElement?.getAttribute("href") || "");
  const openProblem = async (page: Page, number: number): Promise<void> => {
    await page.waitForFunction(
      (n) => document.querySelector("#position")?.textContent?.startsWith(`${n} of`),
      number,
    );
  };

  it("opens on the summary, with the figures that matter first", async () => {
    const page = await open(urls.plain);
    expect(await page.locator("h1:visible").textContent()).toBe("synthetic contest, made-up sampler, N=6");
    expect(await page.locator(".lead").innerText()).toMatch(/^auto picks a passing program on \d+\.\d\s%/);
    expect(await page.locator(".tiles dt").count()).toBe(4);
    expect(await page.locator(".selectors tbody tr").count()).toBe(8);
    expect(await page.locator("figure svg[role=img][aria-label]").count()).toBe(6);
  });

  it("sorts the selectors, says what the columns mean, and has five lines for a pull request", async () => {
    const page = await open(urls.plain);
    const shares = await page.locator(".selectors tbody tr td:nth-child(3)").allInnerTexts();
    const values = shares.slice(1, -1).map((text) => Number.parseFloat(text));
    expect(values).toEqual(values.toSorted((a, b) => b - a));
    expect(await page.locator(".terms").innerText()).toMatch(/Headroom: how much of the way/);
    const lines = (await page.locator("pre.copied").first().innerText()).split("\n");
    expect(lines).toHaveLength(5);
    expect(lines[1]).toMatch(/^\*\*auto\*\* chooses a passing program in/);
    expect(await page.locator("pre.copied").last().innerText()).toMatch(/^@software\{funprm,/);
  });

  it("saves a chart as SVG and as PNG, with the style in it", async () => {
    const page = await open(urls.plain);
    const figure = page.locator("figure").first();
    const saved = async (label: string): Promise<{ name: string; bytes: Buffer }> => {
      const downloading = page.waitForEvent("download");
      await figure.getByRole("button", { name: label }).click();
      const download = await downloading;
      return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
    };
    const svg = await saved("SVG");
    expect(svg.name).toBe("selected-against-n.svg");
    expect(svg.bytes.toString()).toMatch(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    expect(svg.bytes.toString()).toMatch(/stroke="rgb/);
    const png = await saved("PNG");
    expect(png.name).toBe("selected-against-n.png");
    expect(png.bytes.subarray(1, 4).toString()).toBe("PNG");
    expect(png.bytes.length).toBeGreaterThan(3000);
  });

  it("gives its table as Markdown and LaTeX", async () => {
    const page = await open(urls.plain, { permissions: ["clipboard-read", "clipboard-write"] });
    const copied = async (label: string): Promise<string> => {
      await page.locator(".exports").getByRole("button", { name: label }).first().click();
      await page.waitForFunction(
        (what) => document.querySelector("#live")?.textContent?.includes(what),
        label,
      );
      const box = page.locator(".copy-box");
      return (await box.count()) > 0 ? box.inputValue() : page.evaluate(() => navigator.clipboard.readText());
    };
    const markdown = (await copied("Markdown")).trimEnd().split("\n");
    expect(markdown[0]).toMatch(/^\| Selector \| Selected, % 95 % interval \| Headroom %/);
    expect(new Set(markdown.map((line) => line.split("|").length)).size).toBe(1);
    expect(markdown.some((line) => line.startsWith("| auto |"))).toBe(true);
    const latex = await copied("LaTeX");
    expect(latex).toMatch(/^\\begin\{tabular\}\{lr+\}\n\\toprule/);
    expect(latex).toMatch(/examples\+agreement & /);
  });

  it.each([1400, 400])(
    "has nothing that is wider than the screen at %i pixels, in light and dark",
    async (width) => {
      for (const colorScheme of ["light", "dark"] as const) {
        for (const view of ["", "#problems", "#problem-1"]) {
          const page = await open(`${urls.plain}${view}`, { viewport: { width, height: 900 }, colorScheme });
          if (view === "#problem-1") await openProblem(page, 1);
          const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
          expect({ view, wide: wide > 0 }).toEqual({ view, wide: false });
          await page.context().close();
        }
      }
    },
  );

  it("says when the run is unfinished and what is missing", async () => {
    const page = await open(urls.unfinished);
    expect(await page.locator(".banner:visible").textContent()).toContain("Unfinished");
    expect(await page.locator(".notes").textContent()).toContain("holds 1 of the 60 problems");
  });

  it("shows a problem of every chunk, also when it is opened by its address", async () => {
    const page = await open(`${urls.plain}#problem-60`);
    for (const number of [60, 1, 20, 21, 41]) {
      await page.evaluate((n) => (location.hash = `#problem-${n}`), number);
      await openProblem(page, number);
      expect(await page.locator("#problem-title").textContent()).toContain(`/${99 + number}`);
      expect(await page.locator(".candidates tbody tr").count()).toBe(6);
    }
    await page.goto(`${urls.plain}#problem-61`);
    expect(await page.locator("#view-summary").isVisible()).toBe(true);
  });

  it("shows code byte for byte with a reward a step, in the margin and as shading", async () => {
    const { problems } = syntheticRun({ problems: 60, candidates: 6 });
    const page = await open(`${urls.plain}#problem-1`);
    await openProblem(page, 1);
    const position = Number(await page.locator(".candidates tr.selected").getAttribute("data-position"));
    const candidate = problems[0]?.candidates[position];
    const pane = page.locator(".pane").first();
    const lines = await pane.locator(".source").allTextContents();
    expect(`${lines.join("\n")}\n`).toBe(candidate?.code);
    const rewards = (await pane.locator(".reward").allTextContents()).filter((text) => text !== "");
    expect(rewards).toEqual(candidate?.steps?.map(({ reward }) => reward.toFixed(3).replace("0.", ".")));
    const colours = await pane
      .locator(".line")
      .evaluateAll((rows) => rows.map((row) => getComputedStyle(row).backgroundColor));
    expect(new Set(colours).size).toBeGreaterThan(1);
  });

  it("is used by keys alone", async () => {
    const page = await open(urls.plain);
    const press = (key: string): Promise<void> => page.keyboard.press(key);
    await press("/");
    await page.waitForFunction(() => document.activeElement?.id === "search");
    await page.keyboard.type("hard");
    const count = await page.locator("#rows li").count();
    expect(count).toBeGreaterThan(1);
    expect(count).toBeLessThan(60);
    await press("Enter");
    const first = await focused(page);
    await press("j");
    const second = await focused(page);
    expect(second).not.toBe(first);
    await press("k");
    expect(await focused(page)).toBe(first);
    await press("Enter");
    await openProblem(page, 1);
    expect(new URL(page.url()).hash).toBe(first);
    await press("j");
    await openProblem(page, 2);
    expect(new URL(page.url()).hash).toBe(second);

    const selected = page.locator(".candidates tr.selected");
    const before = Number(await selected.getAttribute("data-position"));
    await press("ArrowRight");
    expect(Number(await selected.getAttribute("data-position"))).toBe((before + 1) % 6);
    await press("ArrowLeft");
    expect(Number(await selected.getAttribute("data-position"))).toBe(before);
    const panes = await page.locator(".pane").count();
    await press("c");
    expect(await page.locator(".pane").count()).toBe(3 - panes);
    await press("s");
    expect(await page.locator("#statement").isVisible()).toBe(false);
    await press("?");
    expect(await page.locator("#help").isVisible()).toBe(true);
    await press("Escape");
    expect(await page.locator("#help").isVisible()).toBe(false);
    await press("Escape");
    await page.waitForFunction(() => location.hash === "#problems");
    expect(await focused(page)).toBe(second);
    await press("t");
    expect(await page.evaluate(() => document.documentElement.dataset["theme"])).toBe("light");
  });

  it("filters by kind and by facts, and goes through what is left", async () => {
    const page = await open(`${urls.plain}#problems`);
    const { problems } = syntheticRun({ problems: 60, candidates: 6 });
    const mixed = problems.filter(
      ({ candidates }) => candidates.some(({ passed }) => passed) && candidates.some(({ passed }) => !passed),
    );
    await page.getByRole("button", { name: "Mixed" }).click();
    expect(await page.locator("#rows li").count()).toBe(mixed.length);
    await page.getByLabel("difficulty", { exact: true }).selectOption("hard");
    const hard = mixed.filter(({ facts }) => facts["difficulty"] === "hard");
    expect(await page.locator("#rows b").allTextContents()).toEqual(hard.map(({ id }) => id));
    await page.locator("#rows a").first().click();
    await openProblem(page, 1);
    expect(await page.locator("#position").textContent()).toBe(`1 of ${hard.length} filtered`);
  });

  it("puts a failing choice next to a passing candidate", async () => {
    const page = await open(`${urls.hostile}#problem-1`);
    await openProblem(page, 1);
    expect(await page.locator(".pane h2").allTextContents()).toEqual(["Sample 0", "Sample 3"]);
    expect(await page.locator("#why").textContent()).toContain("2 that tie for best");
  });

  it("shows hostile texts as texts", async () => {
    const page = await open(urls.hostile);
    for (const hash of ["#problems", "#problem-1", "#problem-2", "#summary"]) {
      await page.evaluate((to) => (location.hash = to), hash);
      if (hash.startsWith("#problem-")) await openProblem(page, Number(hash.slice(9)));
    }
    await page.evaluate(() => (location.hash = "#problem-1"));
    await openProblem(page, 1);
    expect(await page.evaluate(() => "pwned" in window)).toBe(false);
    expect(await page.locator("main img, main script, main [onfocus], main [onerror]").count()).toBe(0);
    // A mark that would turn the order of what follows around is shown as a sign.
    const shown = HOSTILE.replace("\u202e", "\ufffd");
    expect(await page.locator(".pane .source").first().textContent()).toBe(`# ${shown}`);
    expect(await page.locator(".failed pre").first().textContent()).toBe(shown);
    expect(await page.locator("#problem-title small").textContent()).toBe(`p0 ${shown}`);
    expect(await page.locator("main").textContent()).not.toContain("\u202e");
    expect(await page.title()).toContain("</script><script>window.pwned = 1</script>");
  });

  it("may neither load nor run anything else", async () => {
    const page = await open(urls.plain);
    let asked = 0;
    const server = createServer((_, response) => {
      asked++;
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/`;
    const blocked = await page.evaluate(async (url) => {
      const violations: string[] = [];
      // One of each kind that is tried below.
      const all = new Promise<void>((resolve) => {
        document.addEventListener("securitypolicyviolation", (event) => {
          violations.push(event.effectiveDirective);
          if (violations.length === 4) resolve();
        });
      });
      const script = document.createElement("script");
      script.textContent = "window.ran = true";
      const image = new Image();
      image.src = url;
      const frame = document.createElement("iframe");
      frame.src = url;
      document.body.append(script, image, frame);
      await fetch(url).catch(() => {});
      await all;
      return { violations: violations.toSorted(), ran: "ran" in window };
    }, url);
    server.close();
    expect(blocked.ran).toBe(false);
    expect(blocked.violations).toEqual(["connect-src", "frame-src", "img-src", "script-src-elem"]);
    expect(asked).toBe(0);
    // What it tried is what the browser complains of here.
    faults.length = 0;
  });

  it("follows the system's colours, and a choice wins and is remembered", async () => {
    const page = await open(urls.plain, { colorScheme: "dark" });
    const paper = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const dark = await paper();
    await page.locator("#theme").click();
    const light = await paper();
    expect(light).toBe("rgb(255, 255, 255)");
    expect(dark).not.toBe(light);
    await page.reload();
    expect(await paper()).toBe(light);
  });

  it.each(["#summary", "#problems", "#problem-1"])(
    "needs no sideways scrolling at 360 pixels: %s",
    async (hash) => {
      const page = await open(urls.plain + hash, { viewport: { width: 360, height: 700 } });
      if (hash === "#problem-1") await openProblem(page, 1);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    },
  );

  it("prints the summary with its charts and without controls, light on any screen", async () => {
    const page = await open(urls.plain, { colorScheme: "dark" });
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    expect(await page.locator(".top").isVisible()).toBe(false);
    expect(await page.locator("figure svg").first().isVisible()).toBe(true);
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(
      "rgb(255, 255, 255)",
    );
  });

  it("gives every control a name and every view one heading", async () => {
    const page = await open(urls.plain);
    for (const hash of ["#summary", "#problems", "#problem-2"]) {
      await page.evaluate((to) => (location.hash = to), hash);
      if (hash === "#problem-2") await openProblem(page, 2);
      expect(await page.locator("h1:visible").count()).toBe(1);
      const nameless = await page
        .locator("button:visible, select:visible, input:visible, a:visible")
        .evaluateAll((all) =>
          all
            .filter((each) => {
              const label =
                each.getAttribute("aria-label") ?? each.closest("label")?.textContent ?? each.textContent;
              return (label ?? "").trim() === "";
            })
            .map((each) => each.outerHTML),
        );
      expect(nameless).toEqual([]);
    }
  });
}
