// Tests of the training view.
import { after, before, describe } from "node:test";
import { launch, visit } from "./fixtures.mjs";

/** Describes tests of the training view, in one browser. `define` gets `open(check, options)`: as `visit`, at the training view. */
export function describeTraining(title, define) {
  describe(title, { timeout: 1_200_000 }, () => {
    let browser;
    before(async () => (browser = await launch()));
    after(() => browser?.close());
    define((check, options = {}) => visit(browser, {}, check, { view: "trainen", ...options }));
  });
}
