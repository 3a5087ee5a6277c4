/** A failure. Its message says what to do. */
export class GeneratorError extends Error {
  /**
   * `weights-missing`: not fetched. `weights-broken`: no usable weights file. `self-test`: the device computes wrong numbers.
   * `bad-argument`: an argument of the call. `crashed`: a worker stopped. `disposed`: after `dispose()`. `bad-request`: a fault of
   * this package.
   */
  readonly code: "weights-missing" | "weights-broken" | "self-test" | "bad-argument" | "crashed" | "disposed" | "bad-request";
}

/** What the weights file says. */
export interface GeneratorInfo {
  /** Name of the network's size: `s64`, `s128`, ... */
  readonly preset: string;
  /** Side of the scans in pixels. */
  readonly size: number;
  /** Names of the classes: `glioma`, ... */
  readonly classes: readonly string[];
  /** Names of the directions: `head-size`, ... */
  readonly directions: readonly string[];
  /** SHA-256 of the file, hexadecimal. */
  readonly sha256: string;
  /** Thousands of real slices shown in training. */
  readonly kimg: number;
  /** Name of the data set. */
  readonly dataset: string;
  /** Licence of the weights and of what they make. */
  readonly licence: string;
  /** Who must be named. */
  readonly attribution: string;
  /** Date of the weights, ISO 8601. */
  readonly date: string;
}

export interface LoadOptions {
  /** Number of workers. By default one a core, at most 8. */
  workers?: number;
  /** Stops loading. The promise is rejected with the signal's reason. */
  signal?: AbortSignal;
}

export interface ScanOptions {
  /** Seed of the latent vector, a whole number from 0 to 4294967295. */
  seed: number;
  /** One of `info.classes`. By default it follows from the seed, as in the site. */
  class?: string;
}

export interface BatchOptions {
  /** Factor of the latent vector, 0 to 1.5; 1 by default, as in training. Below 1, scans vary less and have fewer artefacts. */
  truncation?: number;
  /** Offsets along `info.directions` in standard deviations of the latent vector, -4 to 4. */
  directions?: Record<string, number>;
  /** Stops: no further scans begin, and the promise is rejected with the signal's reason. */
  signal?: AbortSignal;
  /** Called with each scan and its place in the list as soon as it is made, in any order. */
  onScan?: (scan: Scan, place: number) => void;
}

/** One slice and its mask, each `size * size` bytes, row by row from the top left. */
export class Scan {
  readonly seed: number;
  readonly class: string;
  /** Side in pixels. */
  readonly size: number;
  /** Brightness: 0 is black (air), 255 is white. */
  readonly image: Uint8Array;
  /** Tumour mask: 0 is background, 255 is tumour. Programs usually cut it at 128. */
  readonly mask: Uint8Array;
  /** The slice as grey pixels for a canvas. */
  toImageData(): ImageData;
}

/**
 * A generator of MRI slices with tumour masks. It computes on the processor, in web workers. Same weights and seeds give the same
 * scans everywhere, up to rounding.
 *
 * The scans are made up. They are not for diagnosis.
 */
export class Generator {
  /**
   * Reads weights in hersenscan's format (safetensors) and starts the workers. `source` is an address or the bytes of the file.
   *
   * @throws GeneratorError `weights-missing`, `weights-broken`, `self-test`, `crashed` or `bad-argument`
   */
  static load(source: string | URL | ArrayBuffer | Uint8Array, options?: LoadOptions): Promise<Generator>;

  readonly info: GeneratorInfo;

  /** Makes one scan. @throws GeneratorError `bad-argument`, `crashed` or `disposed` */
  scan(options: ScanOptions, settings?: BatchOptions): Promise<Scan>;

  /** Makes scans on all workers, in the order of `list`. @throws GeneratorError `bad-argument`, `crashed` or `disposed` */
  batch(list: Iterable<ScanOptions>, settings?: BatchOptions): Promise<Scan[]>;

  /** Ends the workers. Calls that wait are rejected. */
  dispose(): void;
}
