// base64 - bytes that stand in the page as letters.

/* What is said of a page that was cut short or changed on its way. */
export function base64_damage() {
  throw new Error("this page is damaged. Try: fetch it again");
}

export function base64_bytes(text) {
  try {
    if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
    const raw = atob(text), bytes = new Uint8Array(raw.length);
    for (let at = 0; at < raw.length; at++) bytes[at] = raw.charCodeAt(at); // Uint8Array.from takes 20 times as long
    return bytes;
  } catch {
    base64_damage();
  }
}
