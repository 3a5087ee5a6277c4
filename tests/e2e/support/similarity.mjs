// Compares pictures pixel by pixel.

/** `share`: the fraction of pixels that differ by at most 1 of 255. `worst`: the largest difference. */
export function similarity(first, second) {
  let [near, worst, all] = [0, 0, 0];
  first.forEach((picture, index) => {
    if (picture.length !== second[index]?.length) throw new Error(`picture ${index} has another size`);
    picture.forEach((value, at) => {
      const difference = Math.abs(value - second[index][at]);
      worst = Math.max(worst, difference);
      near += difference <= 1;
      all += 1;
    });
  });
  return { share: near / all, worst };
}
