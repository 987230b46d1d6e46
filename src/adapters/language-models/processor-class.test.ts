import { expect, it } from "vitest";
import { processorClass } from "./processor-class.ts";

it("L3: the class of processor names what llama.cpp computes with", () => {
  const server =
    "CPU : SSE3 = 1 | SSSE3 = 1 | AVX = 1 | AVX2 = 1 | F16C = 1 | FMA = 1 | BMI2 = 1 | AVX512 = 1 | AVX512_VBMI = 1 | AVX512_VNNI = 1 | AVX512_BF16 = 1 | LLAMAFILE = 1 | REPACK = 1 | ";
  expect(processorClass(server, "linux", "x64")).toBe("linux-x64-avx512-vbmi-vnni-bf16");
  const desktop = "CPU : SSE3 = 1 | SSSE3 = 1 | AVX = 1 | AVX2 = 1 | F16C = 1 | FMA = 1 | AVX512 = 0 | REPACK = 1 | ";
  expect(processorClass(desktop, "win32", "x64")).toBe("win32-x64-avx2");
  const laptop = "CPU : NEON = 1 | ARM_FMA = 1 | FP16_VA = 1 | MATMUL_INT8 = 1 | DOTPROD = 1 | ACCELERATE = 1 | ";
  expect(processorClass(laptop, "darwin", "arm64")).toBe("darwin-arm64-neon-fma-fp16-dotprod-i8mm-accelerate");
  expect(processorClass("", "linux", "riscv64")).toBe("linux-riscv64-base");
});
