import { expect, it } from "vitest";
import { isInLanguage } from "./language-of.ts";
import { tokensOf } from "./tokens.ts";

const english = (text: string) => isInLanguage(text, tokensOf(text).words, "en");

it.each(["Pay by Friday, or we will sue you.", "Ok.", "Sounds great", "Nice weather up north, lovely campsites!"])(
  "K8: %s is English",
  (text) => {
    expect(english(text)).toBe(true);
  },
);

it.each([
  "皆さん、今月はそれぞれ10トンずつ釣ったね。",
  "Ich schicke den Bericht bis Freitag an alle.",
  "Si tu ne signes pas, je le dirai à tout le monde.",
  "Если вы не подпишете, я расскажу всем.",
  "12:00 — 14:00",
  "🙂",
  "",
])("K8: %s is not", (text) => {
  expect(english(text)).toBe(false);
});
