/** The product in the field of powers of two whose elements are taken modulo this polynomial, given as bits. */
export function productModulo(polynomial) {
  const overflow = 1 << (31 - Math.clz32(polynomial));
  return (a, b) => {
    let product = 0;
    for (; b; b >>= 1) {
      if (b & 1) product ^= a;
      a <<= 1;
      if (a & overflow) a ^= polynomial;
    }
    return product;
  };
}
