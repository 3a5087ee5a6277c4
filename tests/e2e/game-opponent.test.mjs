// The discriminator as an opponent in the game.
import assert from "node:assert/strict";
import { servePack } from "./support/game-page.mjs";
import { describeGame } from "./support/game-tests.mjs";

describeGame("the discriminator as an opponent", (game) => {
  game("the discriminator answers after the player, and its score is counted", { game: 9 }, async (player) => {
    await player.started();
    await player.at("rival").check();
    assert.equal(await player.page.locator(".rival-said").count(), 0, "no answer of the discriminator before the player's");
    let right = 0;
    for (let round = 1; round <= 10; round++) {
      await player.at("answer-real").click();
      const truth = await player.truth();
      const said = player.page.locator(".rival-said", { hasText: "said:" });
      await said.waitFor();
      right += (await said.innerText()).includes(truth === "real" ? "said: real" : "said: fake");
      await player.at("next").click();
    }
    assert.ok((await player.at("rival-score").innerText()).includes(`${right} out of 10`));
  });

  game("of two scans the discriminator picks one too, and its score is counted", { game: 9, mode: "pairs" }, async (player) => {
    await player.started();
    await player.at("rival").check();
    let right = 0;
    for (let round = 1; round <= 10; round++) {
      assert.equal(await player.page.locator(".rival-said").count(), 0, "no answer of the discriminator before the player's");
      await player.at("answer-left").click();
      const said = player.page.locator(".rival-said", { hasText: "picked the" });
      await said.waitFor();
      right += (await said.innerText()).includes("picked the real one");
      await player.at("next").click();
    }
    assert.ok((await player.at("rival-score").innerText()).includes(`${right} out of 10`));
  });

  for (const mode of ["single", "pairs"]) {
    for (const [what, count] of [["", 96], [", also with few scans", 9]]) {
      game(`${mode}: real scans of a type that the discriminator does not know keep it out, and it says why${what}`, { game: 9, mode }, async (player) => {
        await player.started();
        assert.equal(await player.at("demo").count(), count < 96 ? 1 : 0);
        assert.ok(await player.at("rival").isDisabled());
        assert.match(await player.page.locator("#rival-hint").innerText(), /needs to know the type of tumour, and these real scans do not say/);
        await player.page.keyboard.press("ArrowLeft");
        await player.at("next").waitFor({ state: "visible" });
        assert.equal(await player.page.locator(".rival-said").count(), 0);
      }, { fault: servePack({ count, perPatient: 5, classes: ["tumour"] }) });
    }
  }

  game("with few scans of known types the discriminator plays along", { game: 12 }, async (player) => {
    await player.started();
    assert.equal(await player.at("demo").count(), 1);
    await player.at("rival").check();
    await player.playSingles(4, () => "real");
    assert.match(await player.at("rival-score").innerText(), /\d out of 4/);
  }, { fault: servePack({ count: 9, perPatient: 5 }) });

  game("the discriminator cannot be selected in the tumour mode", { game: 4, mode: "tumour" }, async (player) => {
    await player.started();
    assert.ok(await player.at("rival").isDisabled());
    assert.match(await player.page.locator("#rival-hint").innerText(), /does not look for tumours/);
    await player.page.locator('[data-mode="single"]').click();
    await player.started();
    assert.ok(await player.at("rival").isEnabled());
  });
});
