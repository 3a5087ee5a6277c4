// Opens the built site in a browser.
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";
import { serve } from "../server.mjs";
import { PREFIX, SITE, TIMEOUT } from "./settings.mjs";
import { SitePage } from "./site-page.mjs";

export * from "./settings.mjs";

/** A site may lack these files. The browser reports an error for a missing one, and the site does not. */
const OPTIONAL = /\/scans\/[\w-]+\.pack$/;

/** Starts Chromium with more `flags`. */
export function launch(flags = [], program = process.env.CHROME ?? "/usr/bin/chromium") {
  if (!existsSync(`${SITE}/index.html`)) throw new Error(`no site in ${SITE}: build it with \`cargo xtask dist\``);
  // Chromium's sandbox needs privileges that containers lack. The tests open only this site.
  return chromium.launch({ executablePath: program, args: ["--no-sandbox", ...flags] });
}

/**
 * Serves the site, opens it at `#/studio?...query` or at another `view`, calls `check(page, server)` and closes both.
 *
 * `fault` can answer requests in place of the server, and `headers: false` serves without headers (see server.mjs). `prepare`
 * gets the Playwright page before it opens. All other options go to the browser context.
 * Requests to other hosts fail the test unless `expectForeignRequests`; errors in the console fail it unless `expectErrors`.
 */
export async function visit(browser, query, check, { view = "studio", site = SITE, fault, headers, expectErrors = false, expectForeignRequests = false, prepare, ...options } = {}) {
  const server = await serve(site, { prefix: PREFIX, headers, fault });
  // A service worker would hide what the server does. Tests of the service worker allow it.
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, serviceWorkers: "block", ...options });
  const errors = [];
  const foreign = [];
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(TIMEOUT);
    page.on("pageerror", (error) => errors.push(`uncaught: ${error.message}`));
    page.on("console", (message) => message.type() === "error" && !OPTIONAL.test(message.location().url) && errors.push(message.text()));
    context.on("request", (request) => {
      const url = new URL(request.url());
      if (/^(http|ws)s?:$/.test(url.protocol) && url.host !== new URL(server.url).host) foreign.push(request.url());
    });
    await prepare?.(page, server);
    await page.goto(`${server.url}#/${view}?${new URLSearchParams({ lang: "en", ...query })}`);
    await check(new SitePage(page), server);
  } finally {
    await context.close();
    await server.close();
  }
  if (foreign.length && !expectForeignRequests) throw new Error(`requests to other hosts: ${foreign.join(", ")}`);
  if (errors.length && !expectErrors) throw new Error(`errors in the console:\n${errors.join("\n")}`);
}

/** Opens a file of the site that contains no program, calls `check(page)` and closes it. `page` is the Playwright page. Returns what `check` does. */
export async function visitBlank(browser, check, { fault } = {}) {
  const server = await serve(SITE, { prefix: PREFIX, fault });
  const context = await browser.newContext({ serviceWorkers: "block" });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(TIMEOUT);
    await page.goto(`${server.url}licences.txt`);
    return await check(page);
  } finally {
    await context.close();
    await server.close();
  }
}
