// Tests that need something which a computer or a site may lack.

/** Skips the test `t` because of `why`; in CI it fails instead, so that nothing is skipped unnoticed. */
export function skipUnlessCi(t, why) {
  if (process.env.CI) throw new Error(why);
  t.skip(why);
}
