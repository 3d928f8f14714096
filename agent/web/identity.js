/* identity - the one id of a row, from its first key on. */

/* 32 hexadecimal digits that nothing else has. */
export function newId() {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
