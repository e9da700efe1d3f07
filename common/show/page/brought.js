// brought - the files of a model: those that stand in a living page, and those that a reader drops or chooses.

/* A function that gives name -> base64 of the model's files that the page holds; null where it holds none. */
export function brought_held() {
  const parts = document.querySelectorAll('script[type="application/x-model"]');
  if (!parts.length) return null;
  return () => new Map(Array.from(parts, ({ id, textContent }) => [id, textContent.trim()]));
}

/* The files of a drop, those of folders among them. */
export async function brought_dropped(transfer) {
  const entries = Array.from(transfer.items, (item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.some((entry) => entry.isDirectory)) return [...transfer.files];
  const some = (reader) => new Promise((done, failed) => reader.readEntries(done, failed)); // a hundred, at most
  const inside = async (folder) => {
    const reader = folder.createReader(), found = [];
    for (let next; (next = await some(reader)).length; ) found.push(...next);
    return found;
  };
  const open = (entry) => new Promise((done, failed) => entry.file(done, failed));
  const all = [];
  for (const entry of entries)
    for (const one of entry.isDirectory ? await inside(entry) : [entry]) if (one.isFile) all.push(await open(one));
  return all;
}

/* name -> File of what can belong to a model; null where they are none: no config.json is among them. Of a folder, what
 * lies in folders of it belongs to something else. Of weights in a form that nobody here reads the name is enough. */
export function brought_model(files) {
  const ours = /^([^/]+\/)?([^/]+\.(json|txt|bpe|safetensors)|(pytorch|tf|flax)_model\.\w+)$/;
  const some = files.filter(({ name, webkitRelativePath }) => ours.test(webkitRelativePath || name));
  const read = (file) => (/\.(bin|h5|msgpack)$/.test(file.name) ? file.slice(0, 0) : file);
  return some.some(({ name }) => name === "config.json") ? new Map(some.map((file) => [file.name, read(file)])) : null;
}

/* What a model is called that somebody has brought: its folder, where that is known. The page's own has no path. */
export function brought_name(files) {
  const path = files.get("config.json").webkitRelativePath;
  return path === "" ? "model" : path?.split("/").at(-2);
}

/* Bytes of the weights. */
export function brought_size(files) {
  return [...files].reduce((sum, [name, file]) => sum + (name.endsWith(".safetensors") ? file.size : 0), 0);
}
