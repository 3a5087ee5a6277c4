// Codes of class games, written without the site's program: src/game/class_code.rs describes them.
import { productModulo } from "./galois-field.mjs";

const ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
const [FINGERPRINTS, TAGS, ROUNDS] = [512n, 512n, 20];

/** Product of two numbers of 5 bits in the field with x^5 + x^2 + 1. */
const multiply = productModulo(0b100101);

/** The plain sum and the weighted sum of the symbols. Those of a code are 0 and 1. */
function sums(symbols) {
  let [plain, weighted, weight] = [0, 0, 1];
  for (const symbol of symbols) {
    plain ^= symbol;
    weighted ^= multiply(symbol, weight);
    weight = multiply(weight, 2);
  }
  return [plain, weighted];
}

/** The code of answers (0 for none, 1 for the first choice, 2 for the second), the fingerprint of a game, and a tag. */
export function encode(answers, fingerprint, tag) {
  let value = answers.reduceRight((value, answer) => value * 3n + BigInt(answer), 0n);
  value = (value * FINGERPRINTS + BigInt(fingerprint)) * TAGS + BigInt(tag);
  const symbols = Array.from({ length: 10 }, (_, place) => Number((value >> BigInt(5 * place)) & 31n));
  // The check symbols, by trying all.
  for (let p = 0; p < 32; p++) {
    for (let q = 0; q < 32; q++) {
      const [plain, weighted] = sums([...symbols, p, q]);
      if (plain === 0 && weighted === 1) return [...symbols, p, q].map((symbol) => ALPHABET[symbol]).join("").replace(/(.{4})(?=.)/g, "$1-");
    }
  }
  throw new Error("no check symbols");
}

/** What a code holds: 20 answers, fingerprint and tag. Throws if the check symbols are wrong. */
export function decode(code) {
  const symbols = [...code.replaceAll("-", "")].map((letter) => ALPHABET.indexOf(letter));
  if (symbols.length !== 12 || `${sums(symbols)}` !== "0,1") throw new Error(`${code} is no code`);
  let value = symbols.slice(0, 10).reduceRight((value, symbol) => (value << 5n) | BigInt(symbol), 0n);
  const tag = Number(value % TAGS);
  value /= TAGS;
  const fingerprint = Number(value % FINGERPRINTS);
  value /= FINGERPRINTS;
  const answers = Array.from({ length: ROUNDS }, () => {
    const answer = Number(value % 3n);
    value /= 3n;
    return answer;
  });
  return { answers, fingerprint, tag };
}

/** Finds the fingerprint of the game of an open lesson: of one code for each fingerprint, the lesson accepts one. */
export async function fingerprintOf(site) {
  const field = site.at("class-codes");
  await field.fill(Array.from({ length: Number(FINGERPRINTS) }, (_, fingerprint) => encode([1, 1], fingerprint, 0)).join("\n"));
  await site.page.waitForSelector('[data-testid="class-results"][data-pupils="1"]');
  const wrong = new Set(await site.at("class-problems").locator("li").evaluateAll((all) => all.map((one) => Number(one.dataset.line))));
  await field.fill("");
  return Array.from({ length: Number(FINGERPRINTS) }, (_, fingerprint) => fingerprint).find((fingerprint) => !wrong.has(fingerprint + 1));
}
