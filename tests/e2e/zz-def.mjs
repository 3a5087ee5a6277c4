import { launch, visit } from "./support/fixtures.mjs";
const out = process.argv[2];
const browser = await launch();
try {
  for (const [lang, width, query] of [["nl", 360, { source: "t1ce", fakes: "network" }], ["en", 1280, { source: "drawings" }]]) {
    await visit(browser, { ...query, lang }, async (site) => {
      site.page.on("console", (m) => console.log(m.type(), m.text().slice(0, 150)));
      await site.page.setViewportSize({ width, height: width === 360 ? 740 : 900 });
      await site.at("lab-expect").locator("input").first().check();
      await site.page.locator('[data-testid="lab-start"]:enabled').waitFor();
      const begun = Date.now();
      await site.at("lab-start").click();
      await site.page.waitForSelector('.lab-run .dot', { timeout: 200000, state: "attached" });
      console.log(lang, "first dot", (Date.now() - begun) / 1000);
      await site.page.waitForSelector('[data-testid="lab-progress"][data-phase="finished"]', { timeout: 500000 });
      console.log(lang, "all", (Date.now() - begun) / 1000, await site.at("lab-verdict").innerText());
      console.log(await site.at("lab-link").getAttribute("href"));
      await site.page.locator(".lab-run details").first().evaluate((d) => (d.open = true));
      await site.page.locator(".lab-run details").last().evaluate((d) => (d.open = true));
      await site.page.waitForTimeout(500);
      console.log(await site.at("lab-table").innerText());
      await site.page.locator(".lab-run").screenshot({ path: `${out}/def-${lang}-${width}.png` });
    }, { view: "lab" });
  }
} finally { await browser.close(); }
