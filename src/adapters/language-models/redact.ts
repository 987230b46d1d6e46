const EXCERPT_CHARACTERS = 200;

/** Whatever looks like a credential in the text of a server, which may quote the one it was given. */
const CREDENTIAL = /\b(?:Bearer\s+\S+|(?:sk|pk|key|AIza|xai|gsk)[-_]?[A-Za-z0-9_*.-]{12,})/gi;

/** Everything that a terminal could act on: C0, C1, separators, bidirectional marks. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+/g;

/** At most 200 harmless characters of foreign text for a message, without the given secrets (F5, L9). */
export function excerptOf(text: string, secrets: readonly string[] = []): string {
  // A server may send megabytes; a secret that straddles the cut would survive it in part, so the cut comes last.
  const window = text.slice(0, EXCERPT_CHARACTERS * 20);
  const clean = withoutSecrets(window, secrets).replace(CREDENTIAL, "[key]").replace(CONTROL, " ").trim();
  return clean.length > EXCERPT_CHARACTERS ? `${clean.slice(0, EXCERPT_CHARACTERS - 1)}…` : clean;
}

function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets.filter((secret) => secret.length > 0).reduce((rest, secret) => rest.split(secret).join("[key]"), text);
}
