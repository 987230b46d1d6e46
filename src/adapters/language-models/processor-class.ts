/**
 * Class of processor on which log-probabilities are bit-identical, such as `linux-x64-avx2` or
 * `linux-x64-avx512-vbmi-vnni-bf16`: system, architecture, and the instruction sets that llama.cpp says it computes
 * with. It picks its kernels by these, and different kernels round differently.
 *
 * `systemInfo` is llama.cpp's own line, `CPU : AVX = 1 | AVX2 = 1 | … |`; what it says of memory layout and threads
 * (`REPACK`, `LLAMAFILE`, `OPENMP`) follows from the build and is left out.
 */
export function processorClass(systemInfo: string, platform: string, architecture: string): string {
  const has = new Set(Array.from(systemInfo.matchAll(/([A-Z0-9_]+) = 1\b/g), (match) => match[1]));
  const level = LEVELS.find(([feature]) => has.has(feature));
  const extensions = EXTENSIONS.filter(([feature]) => has.has(feature)).map(([, name]) => name);
  return [platform, architecture, ...(level ? [level[1]] : ["base"]), ...extensions].join("-");
}

/** The highest that is there names the class. */
const LEVELS = [
  ["AVX512", "avx512"],
  ["AVX2", "avx2"],
  ["AVX", "avx"],
  ["SSSE3", "ssse3"],
  ["SSE3", "sse3"],
  ["NEON", "neon"],
  ["VSX", "vsx"],
  ["WASM_SIMD", "wasm"],
] as const;

const EXTENSIONS = [
  ["AVX512_VBMI", "vbmi"],
  ["AVX512_VNNI", "vnni"],
  ["AVX512_BF16", "bf16"],
  ["AVX_VNNI", "avxvnni"],
  ["AMX_INT8", "amx"],
  ["ARM_FMA", "fma"],
  ["FP16_VA", "fp16"],
  ["DOTPROD", "dotprod"],
  ["MATMUL_INT8", "i8mm"],
  ["SVE", "sve"],
  ["SME", "sme"],
  ["ACCELERATE", "accelerate"],
] as const;
