// Settings of all browser tests.
import { fileURLToPath } from "node:url";

/** Folder of the built site. */
export const SITE = process.env.SITE ?? fileURLToPath(new URL("../../../dist", import.meta.url));
/** Folder of screenshots for a person to look at. git ignores it. */
export const SCREENSHOTS = fileURLToPath(new URL("../screenshots/", import.meta.url));
/** Path of the site on its host. Not the root, to prove that the site works under any address. */
export const PREFIX = "/any/sub/path/";
/** Longest wait for anything, in milliseconds. Generous, because the computer may be slow and busy. */
export const TIMEOUT = Number(process.env.TIMEOUT ?? 120_000);
/** Flags of Chromium for WebGPU on the CPU. */
export const WEBGPU = ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader", "--enable-unsafe-swiftshader"];
