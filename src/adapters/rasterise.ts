import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { initWasm, Resvg } from "@resvg/resvg-wasm";
import { DashpotError } from "../model/error.ts";

const require = createRequire(import.meta.url);
const FONTS = [
  "@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf",
  "@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf",
  "@expo-google-fonts/inter/700Bold/Inter_700Bold.ttf",
];

let loaded: Promise<Uint8Array[]> | undefined;

/** PNG of an SVG, with the bundled font and no font of the machine, so that the same SVG gives the same bytes (C9). */
export async function rasterise(svg: string, { scale = 2 }: { readonly scale?: number } = {}): Promise<Uint8Array> {
  loaded ??= load();
  const fontBuffers = await loaded;
  try {
    const resvg = new Resvg(svg, {
      font: { fontBuffers, defaultFontFamily: "Inter", sansSerifFamily: "Inter" },
      fitTo: { mode: "zoom", value: scale },
    });
    const rendered = resvg.render();
    const png = rendered.asPng();
    rendered.free();
    resvg.free();
    return png;
  } catch (cause) {
    throw new DashpotError(
      "picture-not-drawn",
      `expected an SVG that can be drawn, received ${String(cause)}`,
      "report it with the profile; the SVG itself is written",
      { exit: 3, cause },
    );
  }
}

/** The module of @resvg can be initialised once a process. */
async function load(): Promise<Uint8Array[]> {
  await initWasm(await readFile(require.resolve("@resvg/resvg-wasm/index_bg.wasm")));
  return await Promise.all(FONTS.map(async (font) => await readFile(require.resolve(font))));
}
