// base64 - bytes that stand in the page as letters.

export function base64_bytes(text) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  const raw = atob(text), bytes = new Uint8Array(raw.length);
  for (let at = 0; at < raw.length; at++) bytes[at] = raw.charCodeAt(at); // Uint8Array.from takes 20 times as long
  return bytes;
}
