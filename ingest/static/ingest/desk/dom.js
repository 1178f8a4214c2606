// Making elements. Text is only ever set as text.

export function el(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (key === "value") made.value = value;
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

export const byId = (id) => document.getElementById(id);

// The runs of a change of text, as <del> and <ins>; what is the same stays plain.
export function runs(old, now) {
  const [a, b] = [[...old], [...now]];
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a.at(-1 - tail) === b.at(-1 - tail)) tail += 1;
  const gone = a.slice(head, a.length - tail).join("");
  const come = b.slice(head, b.length - tail).join("");
  return el("p", { class: "runs" }, a.slice(0, head).join(""), gone && el("del", {}, gone), come && el("ins", {}, come),
    tail ? a.slice(-tail).join("") : "");
}

// Times are Beijing's, wherever the browser is.
export const clock = (value) => new Date(value).toLocaleString("zh-CN", { timeZone: "Asia/Shanghai" });
