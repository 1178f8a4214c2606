// What an editor does in one go, as operations: the same as ingest/desk/steps.py, and the small ones beside it.

import {
  RANKS, ROLES, Refusal, SINGLE, apply, blocksIn, containers, find, isTray, itemOf, placeOf, points,
} from "./core.js";

export const emptyFacts = (kind) =>
  kind === "notice" ? { kind: "其他", fields: {} } : { continued_from: "", continued_on: "" };

export function fittingRole(kind, role, standing) {
  if (kind === "notice" && role === "headline") role = "heading";
  else if (kind === "article" && role === "heading") role = "headline";
  if (!ROLES[kind].includes(role)) return "paragraph";
  if (SINGLE.has(role) && standing.some((block) => block.role === role)) {
    return role === "headline" ? "deck" : "paragraph";
  }
  return role;
}

// The role a block gets in a place: none in a tray.
export function roleIn(layout, place, role, id) {
  if (isTray(place)) return "text";
  const item = itemOf(layout, place);
  return fittingRole(item.kind, role, item.blocks.filter((block) => block.id !== id));
}

function pour(blocks, into) {
  const standing = [...into.blocks];
  return blocks.map((block) => {
    const role = fittingRole(into.kind, block.role, standing);
    standing.push({ ...block, role });
    return { op: "Move", block: block.id, place: into.key, index: standing.length, role };
  });
}

export function mergeItems(layout, first, second) {
  if (first === second) throw new Refusal("不能和自己合并。");
  return [...pour(itemOf(layout, second).blocks, itemOf(layout, first)), { op: "RemoveItem", key: second }];
}

export function newItem(layout, key, kind, index, ids) {
  const blocks = ids.map((id) => find(layout, id).block);
  const insert = { op: "InsertItem", key, kind, index, facts: emptyFacts(kind) };
  return [insert, ...pour(blocks, { key, kind, blocks: [] })];
}

export function splitItem(layout, key, id, newKey) {
  const item = itemOf(layout, key);
  const { place, index } = find(layout, id);
  if (place !== key || index === 0) throw new Refusal("从第一段分开等于没有分：请选后面的一段。");
  const ids = item.blocks.slice(index).map((block) => block.id);
  return newItem(layout, newKey, item.kind, placeOf(layout, key) + 1, ids);
}

export function dissolveItem(layout, key) {
  const end = layout.trays.unplaced.length;
  const moves = itemOf(layout, key).blocks.map((block, n) => (
    { op: "Move", block: block.id, place: "unplaced", index: end + n, role: "text" }
  ));
  return [...moves, { op: "RemoveItem", key }];
}

export function convertItem(layout, key, newKey) {
  const item = itemOf(layout, key);
  const kind = item.kind === "article" ? "notice" : "article";
  const rank = (block) => RANKS[fittingRole(kind, block.role, [])];
  const ids = [...item.blocks].sort((a, b) => rank(a) - rank(b)).map((block) => block.id);
  return [...newItem(layout, newKey, kind, placeOf(layout, key), ids), { op: "RemoveItem", key }];
}

// Blocks, in this order, to a place; the index counts what stands there without them.
export function moveBlocks(layout, ids, place, index) {
  const rest = blocksIn(layout, place).filter((block) => !ids.includes(block.id));
  const anchor = rest[index]?.id;
  const ops = [];
  let former = "";
  for (const id of ids) {
    const { block } = find(layout, id);
    const standing = blocksIn(layout, place).filter((each) => each.id !== id);
    const at = (other) => standing.findIndex((each) => each.id === other);
    const target = former ? at(former) + 1 : anchor ? at(anchor) : standing.length;
    const op = { op: "Move", block: id, place, index: target, role: roleIn(layout, place, block.role, id) };
    [layout] = apply(layout, op);
    ops.push(op);
    former = id;
  }
  return ops;
}

export function joinBlocks(layout, id, withNext) {
  const { place, index, block } = find(layout, id);
  const other = blocksIn(layout, place)[index + (withNext ? 1 : -1)];
  if (!other) throw new Refusal(withNext ? "后面没有可以接的一段。" : "前面没有可以接的一段。");
  const [first, second] = withNext ? [block, other] : [other, block];
  // Chinese needs no space at a seam; two Latin words do.
  const glue = /[A-Za-z0-9]$/.test(first.text) && /^[A-Za-z]/.test(second.text) ? " " : "";
  return { ops: [{ op: "Join", first: first.id, second: second.id, glue }], focus: first.id };
}

// `at` counts UTF-16 units, as a text field does. The second half of a title becomes a deck, of a byline a paragraph.
export function splitBlock(layout, id, at, newId) {
  const { place, block } = find(layout, id);
  const after = { headline: "deck", heading: "paragraph", column: "kicker", kicker: "headline", byline: "paragraph" };
  const role = isTray(place) ? "text" : fittingRole(itemOf(layout, place).kind, after[block.role] ?? block.role,
    itemOf(layout, place).blocks);
  return [{ op: "Split", block: id, at: points(block.text, at), second: newId, role }];
}

// The one splice that leads from the old text to the new one; nothing when they are equal.
export function editText(block, text) {
  if (block.text === text) return [];
  const old = [...block.text];
  const now = [...text];
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < old.length - head && tail < now.length - head && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
  return [{
    op: "EditText", block: block.id, at: head,
    old: old.slice(head, old.length - tail).join(""), new: now.slice(head, now.length - tail).join(""),
  }];
}

export function freshId(layout, alsoTaken = []) {
  const taken = new Set(alsoTaken);
  for (const [, blocks] of containers(layout)) for (const block of blocks) taken.add(block.id);
  let number = 1;
  while (taken.has(`e${number}`)) number += 1;
  return `e${number}`;
}
export const freshKey = () => `new:${crypto.getRandomValues(new Uint32Array(2)).join("")}`;
