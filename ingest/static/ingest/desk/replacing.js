// Changes over the whole page, each shown before it is made: find and replace, and full-width punctuation. One step.

import { Refusal, containers, points } from "./core.js";
import { el } from "./dom.js";

const CONTEXT = 12;
const FULL = { ",": "，", ";": "；", ":": "：", "?": "？", "!": "！", "(": "（", ")": "）" };
const HAN = /[\u3400-\u9fff“”‘’《》（），。；：？！、]/;
const RECORDED = new Set(["removed", "set_aside", "furniture"]); // kept as they came

// Every place in the items and the unplaced text where the words stand: {block, at, old, new, text}.
export function findWords(layout, words, replacement, names = []) {
  const hits = [];
  if (!words) return hits;
  for (const [place, blocks] of containers(layout)) {
    if (RECORDED.has(place)) continue;
    for (const { id, text } of blocks) {
      for (let at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + words.length)) {
        hits.push({ block: id, at, old: words, new: replacement, text, guard: guardOf(text, at, at + words.length, names) });
      }
    }
  }
  return hits;
}

// The protected name that the range stands in or touches.
function guardOf(text, start, end, names) {
  return names.find((name) => {
    for (let at = text.indexOf(name); at >= 0 && at < end; at = text.indexOf(name, at + 1)) if (at + name.length > start) return true;
    return false;
  }) ?? "";
}

// Half-width punctuation beside Chinese, not in figures, times, addresses of the web: 1,000  8:30  v1.2.
export function halfWidth(layout) {
  const hits = [];
  for (const [place, blocks] of containers(layout)) {
    if (RECORDED.has(place)) continue;
    for (const { id, text } of blocks) {
      for (const found of text.matchAll(/[,;:?!()]|\.{3,}/g)) {
        const [old] = found;
        const at = found.index;
        const [before, after] = [text[at - 1] ?? "", text[at + old.length] ?? ""];
        const isFigure = /[0-9]/.test(before) && /[0-9]/.test(after);
        if (old === ":" && after === "/") continue;
        if (!isFigure && (HAN.test(before) || HAN.test(after))) hits.push({ block: id, at, old, new: FULL[old] ?? "……", text });
      }
    }
  }
  return hits;
}

// From the last to the first of each block, so that no splice moves the next one.
export function splices(hits) {
  return [...hits].reverse().map(({ block, at, old, new: now, text }) => (
    { op: "EditText", block, at: points(text, at), old, new: now }
  ));
}

// The hits as a list to tick; `chosen()` gives those that are.
export function hitList(hits) {
  const boxes = hits.map((hit) => el("input", { type: "checkbox", checked: !hit.guard, disabled: Boolean(hit.guard) }));
  const list = el("ol", { class: "dk-hits" }, hits.map((hit, index) => {
    const [before, after] = [hit.text.slice(Math.max(0, hit.at - CONTEXT), hit.at), hit.text.slice(hit.at + hit.old.length)];
    const words = hit.guard ? el("mark", {}, hit.old) : [el("del", {}, hit.old), hit.new && el("ins", {}, hit.new)];
    return el("li", {}, el("label", {}, boxes[index], el("span", {}, before, words, after.slice(0, CONTEXT)),
      hit.guard ? el("small", { class: "badge badge-todo" }, `保护：${hit.guard}`) : null));
  }));
  return { list, chosen: () => hits.filter((_, index) => boxes[index].checked) };
}

// What a finding proposes, if its quotation stands once in its block.
export function fixOf(layout, finding) {
  for (const [, blocks] of containers(layout)) {
    const block = blocks.find((each) => each.id === finding.block);
    if (!block) continue;
    const at = finding.quote ? block.text.indexOf(finding.quote) : -1;
    if (!finding.fix || at < 0 || block.text.indexOf(finding.quote, at + 1) >= 0) break;
    return { op: "EditText", block: block.id, at: points(block.text, at), old: finding.quote, new: finding.fix };
  }
  throw new Refusal("这个疑点没有可以直接照改的建议：请改好文字再采纳。");
}
