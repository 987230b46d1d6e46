const EXCERPT_CHARACTERS = 200;

/** Whatever looks like a credential in the text of a server, which may quote the one it was given. */
const CREDENTIAL = /\b(?:Bearer\s+\S+|(?:sk|pk|key|AIza|xai|gsk)[-_]?[A-Za-z0-9_*.-]{12,})/gi;

/** Everything that a terminal could act on or that is not seen: controls, formats, separators, blanks of other kinds. */
const CONTROL = /(?:[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}]|\p{Default_Ignorable_Code_Point}|(?! )\p{Zs})+/gu;

/** At most 200 harmless characters of foreign text for a message, without the given secrets (F5, L9). */
export function excerptOf(text: string, secrets: readonly string[] = []): string {
  // A server may send megabytes; a secret that straddles the cut would survive it in part, so the cut comes last.
  const window = text.slice(0, EXCERPT_CHARACTERS * 20);
  const clean = withoutSecrets(window, secrets).replace(CREDENTIAL, "[key]").replace(CONTROL, " ").trim();
  const short = clean.length > EXCERPT_CHARACTERS ? `${clean.slice(0, EXCERPT_CHARACTERS - 1)}…` : clean;
  // The cut may have halved a character.
  return short.toWellFormed();
}

function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets.filter((secret) => secret.length > 0).reduce((rest, secret) => rest.split(secret).join("[key]"), text);
}
