// Tests of the game.
import { after, before, describe, test } from "node:test";
import { launch } from "./fixtures.mjs";
import { visitGame } from "./game-page.mjs";

/**
 * Describes tests of the game, in one browser. `define` gets `game(name, query, check, options)`, a test that opens the game
 * and calls `check(player, t)`, and a function that returns the browser. Options as for `visitGame`.
 */
export function describeGame(title, define) {
  describe(title, { timeout: 900_000 }, () => {
    let browser;
    before(async () => (browser = await launch()));
    after(() => browser?.close());
    const game = (name, query, check, options = {}) => test(name, (t) => visitGame(browser, query, (player) => check(player, t), options));
    define(game, () => browser);
  });
}
