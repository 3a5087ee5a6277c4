// The story without its networks.
import assert from "node:assert/strict";
import { test } from "node:test";
import { visit } from "./support/fixtures.mjs";
import { answerMissing, describeStory, overflow, PHONE } from "./support/story-page.mjs";

const GENERATOR = /^weights\/[^/]*\.safetensors$/;
const DISCRIMINATOR = /^weights\/.*discriminator.*\.safetensors$/;

describeStory("the story without its networks", (_, browser) => {
  test("a missing discriminator: reported, and retried", async () => {
    let repaired = false;
    const fault = (...request) => !repaired && answerMissing(DISCRIMINATOR)(...request);
    await visit(browser(), {}, async ({ page }) => {
      const verdict = page.getByTestId("verdict");
      await page.waitForSelector('[data-testid="story-hero"][data-state="done"]');
      await verdict.scrollIntoViewIfNeeded();
      await verdict.getByText("could not be loaded").waitFor();
      repaired = true;
      await verdict.getByRole("button", { name: "Try again" }).click();
      await page.waitForSelector('[data-testid="verdict-ruling"][data-says]');
    }, { view: "", ...PHONE, fault, expectErrors: true });
  });

  test("a missing generator: reported, and retried", async () => {
    let repaired = false;
    const fault = (...request) => !repaired && answerMissing(GENERATOR)(...request);
    await visit(browser(), {}, async ({ page }) => {
      await page.getByTestId("story-trouble").waitFor();
      assert.ok((await overflow(page)) <= 0);
      assert.match(await page.getByTestId("story-trouble").locator("a").getAttribute("href"), /^#\/studio/);
      repaired = true;
      await page.getByTestId("story-retry").click();
      await page.waitForSelector('[data-testid="story-hero"][data-state="done"]');
      assert.equal(await page.getByTestId("story-trouble").count(), 0);
    }, { view: "", ...PHONE, fault, expectErrors: true });
  });
});
