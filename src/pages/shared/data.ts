/** Reads the data that the command put into the page. */
export function pageData<T>(): T {
  return JSON.parse(document.getElementById('data')?.textContent ?? 'null') as T;
}

function bytesOf(base64: string): ArrayBuffer {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index++) bytes[index] = text.charCodeAt(index);
  return bytes.buffer;
}

export const float32 = (base64: string): Float32Array => new Float32Array(bytesOf(base64));
export const uint16 = (base64: string): Uint16Array => new Uint16Array(bytesOf(base64));
export const int8 = (base64: string): Int8Array => new Int8Array(bytesOf(base64));
